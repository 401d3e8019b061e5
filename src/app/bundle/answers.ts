import { AqeError, type ErrorContext } from '../../core/error/aqe-error.ts';
import { catalog, type ErrorCode } from '../../core/error/catalog.ts';
import { fromPlain, toPlain } from './plain.ts';

/** What ports answered, by question, as plain JSON: enough to ask all of it again without them. */
export type Answers = Map<string, unknown>;

/** What is kept of one answer. An error that a user can act on is an answer too: some are made the best of. */
type Kept =
  | { readonly gave: unknown }
  | { readonly threw: { readonly code: ErrorCode; readonly detail: string; readonly context: ErrorContext } };

type Method = (...args: never[]) => unknown;
type MethodsOf<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T];
type Ask = (...args: unknown[]) => unknown;

/**
 * The port, with every answer of these methods kept. It answers what was kept, cleaned as it was: what is made from it is what
 * is made from the answers later.
 */
export function recording<T extends object, K extends MethodsOf<T>>(
  name: string,
  port: T,
  methods: readonly K[],
  answers: Answers,
  clean: (plain: unknown) => unknown,
): Pick<T, K> {
  return portOf(methods, (method) => {
    const ask = (port[method] as unknown as Ask).bind(port);
    return (...args) => {
      const keep = (kept: Kept): unknown => {
        const cleaned = clean(kept) as Kept;
        answers.set(questionOf(name, method, args), cleaned);
        return answerOf(cleaned);
      };
      const gave = (value: unknown): unknown => keep({ gave: toPlain(value) });
      const threw = (error: unknown): unknown => {
        if (!(error instanceof AqeError)) throw error;
        const { code, detail, context } = error;
        return keep({ threw: { code, detail, context: toPlain(context) as ErrorContext } });
      };
      const answer = ask(...args);
      return answer instanceof Promise ? answer.then(gave, threw) : gave(answer);
    };
  });
}

/** A port that gives the kept answers. Methods of `sync` answer at once. @throws AqeError AQE3051 when it is asked something else. */
export function replaying<T extends object, K extends MethodsOf<T>>(
  name: string,
  methods: readonly K[],
  answers: Answers,
  sync: readonly K[] = [],
): Pick<T, K> {
  return portOf(methods, (method) => {
    const find: Ask = (...args) => answerOf(keptOf(answers, questionOf(name, method, args)) as Kept);
    return sync.includes(method) ? find : async (...args) => find(...args);
  });
}

/** @throws AqeError AQE3051 if there is no answer. */
export function keptOf(answers: Answers, question: string): unknown {
  const kept = answers.get(question);
  if (typeof kept === 'object' && kept !== null) return kept;
  throw new AqeError('AQE3051', `it does not hold the answer to ${question.slice(0, 120)}`);
}

function answerOf(kept: Kept): unknown {
  if ('gave' in kept) return fromPlain(kept.gave);
  const { code, detail, context } = kept.threw;
  if (!Object.hasOwn(catalog, code)) throw new AqeError('AQE3051', 'it holds an error that is not known');
  throw new AqeError(code, detail, context);
}

function portOf<T extends object, K extends MethodsOf<T>>(methods: readonly K[], ask: (method: K) => Ask): Pick<T, K> {
  return Object.fromEntries(methods.map((method) => [method, ask(method)])) as unknown as Pick<T, K>;
}

function questionOf(name: string, method: PropertyKey, args: readonly unknown[]): string {
  return `${name}.${String(method)} ${JSON.stringify(args)}`;
}

/** The answers as JSON, sorted by question. */
export function answersText(answers: Answers): string {
  const sorted = [...answers].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`;
}
