import { AqeError } from '../../core/error/aqe-error.ts';

/** What ports answered, by question: enough to ask all of it again without them. */
export type Answers = Map<string, unknown>;

type Method = (...args: never[]) => unknown;
type MethodsOf<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T];

/** The port, with every answer of these methods kept. */
export function recording<T extends object, K extends MethodsOf<T>>(
  name: string,
  port: T,
  methods: readonly K[],
  answers: Answers,
): Pick<T, K> {
  const wrap = (method: K) => {
    const ask = (port[method] as unknown as (...args: unknown[]) => unknown).bind(port);
    return (...args: unknown[]): unknown => {
      const answer = ask(...args);
      const keep = (value: unknown): unknown => {
        answers.set(questionOf(name, String(method), args), value);
        return value;
      };
      return answer instanceof Promise ? answer.then(keep) : keep(answer);
    };
  };
  return Object.fromEntries(methods.map((method) => [method, wrap(method)])) as unknown as Pick<T, K>;
}

/** A port that gives the kept answers. @throws AqeError AQE3051 when it is asked something else. */
export function replaying<T extends object, K extends MethodsOf<T>>(
  name: string,
  methods: readonly K[],
  answers: Answers,
  sync: readonly K[] = [],
): Pick<T, K> {
  const wrap = (method: K) => {
    const find = (args: unknown[]): unknown => {
      const question = questionOf(name, String(method), args);
      if (answers.has(question)) return answers.get(question);
      throw new AqeError('AQE3051', `it does not hold the answer to ${question.slice(0, 120)}`);
    };
    return sync.includes(method) ? (...args: unknown[]) => find(args) : async (...args: unknown[]) => find(args);
  };
  return Object.fromEntries(methods.map((method) => [method, wrap(method)])) as unknown as Pick<T, K>;
}

function questionOf(name: string, method: string, args: readonly unknown[]): string {
  return `${name}.${method} ${JSON.stringify(args)}`;
}

/** The answers as JSON, sorted by question. Maps keep what they are. */
export function answersText(answers: Answers): string {
  const sorted = [...answers].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), encoded, 1)}\n`;
}

export function answersFrom(text: string): Answers {
  return new Map(Object.entries(JSON.parse(text, decoded) as object));
}

function encoded(_: string, value: unknown): unknown {
  return value instanceof Map ? { '@map': [...(value as Map<unknown, unknown>)] } : value;
}

function decoded(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('@map' in value)) return value;
  return new Map(value['@map'] as [unknown, unknown][]);
}
