import * as z from 'zod/mini';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf, stringOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { TestTally, type CountedTest } from './shared/test-tally.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const resultSchema = z.nullish(
    z.object({
      status: text,
      duration: z.nullish(z.union([z.number(), z.string()])),
      // A list of lines by behave.
      error_message: z.nullish(z.union([z.string(), z.array(z.string())])),
    }),
  );
  const hooks = z.nullish(z.array(z.object({ result: resultSchema })));
  const stepSchema = z.object({
    keyword: text,
    name: z.nullish(z.unknown()),
    result: resultSchema,
    before: hooks,
    after: hooks,
  });
  const elementSchema = z.object({
    type: text,
    keyword: text,
    name: text,
    id: text,
    line: z.nullish(z.unknown()),
    location: text,
    status: text,
    start_timestamp: text,
    steps: z.nullish(z.array(stepSchema)),
    before: hooks,
    after: hooks,
  });
  const featureSchema = z.object({
    name: text,
    uri: text,
    location: text,
    status: text,
    // Features without a scenario have none.
    elements: z.nullish(z.array(elementSchema)),
  });
  const schema = z.array(featureSchema);
  return { resultSchema, stepSchema, elementSchema, featureSchema, schema };
});

type Schemas = ReturnType<typeof schemas>;
type Feature = z.infer<Schemas['featureSchema']>;
type Element = z.infer<Schemas['elementSchema']>;
type StepResult = z.infer<Schemas['resultSchema']>;

/** Cucumber's JSON formatters: of Cucumber in JavaScript, Ruby and on the JVM, and of those that imitate them (behave, godog). */
export const cucumberJson: SignalReader = {
  id: 'cucumber-json',
  title: 'Cucumber JSON',
  gives: ['tests'],
  names: ['cucumber*.json', '*cucumber.json'],
  countingUnit:
    'One scenario, and one for each row of examples; the worst of its steps, hooks and background counts. Undefined, pending and ambiguous steps fail it, as they do in strict mode, which is the default.',
  detects(head) {
    const value = jsonHead(head.text);
    if (!Array.isArray(value)) return false;
    if (/^\s*\[\s*\]\s*$/.test(head.text)) return /(^|\/)[^/]*cucumber[^/]*\.json$/i.test(head.path);
    const feature = objectOf(value[0]);
    const elements = feature['elements'];
    if (Array.isArray(elements) && elements.length > 0) return isElement(objectOf(elements[0]));
    // A feature without scenarios, or the start of a list of which the head has no more.
    const keys = ['keyword', 'uri', 'elements', 'name', 'id', 'location', 'line'].filter((key) => key in feature);
    return typeof feature['keyword'] === 'string' && keys.length >= 4 && ('uri' in feature || 'location' in feature);
  },
  open: (file) => jsonSession(file, schemas().schema, (features) => toReading(features, file.path)),
};

function isElement(element: Readonly<Record<string, unknown>>): boolean {
  const type = element['type'];
  const isTyped = type === 'scenario' || type === 'background' || type === 'scenario_outline';
  return [typeof element['keyword'] === 'string', Array.isArray(element['steps']), isTyped].filter(Boolean).length >= 2;
}

/** Worst last, as Cucumber ranks them; the words that only behave has stand with what they mean. */
const ranks = new Map([
  ['passed', 1],
  ['skipped', 2],
  ['untested', 2],
  ['pending_warn', 2],
  ['pending', 3],
  ['untested_pending', 3],
  ['undefined', 4],
  ['untested_undefined', 4],
  ['ambiguous', 5],
  ['failed', 6],
  ['unknown', 7],
  ['error', 7],
  ['hook_error', 7],
  ['cleanup_error', 7],
]);
const rank = { nothing: 0, passed: 1, skipped: 2, failed: 6, unknown: 7 } as const;

/** The worst of what ran, and what the report says of it. */
interface Worst {
  readonly rank: number;
  readonly message: string;
}

interface Attempt extends Worst {
  readonly name: string;
  /** The same for a scenario that is tried again. */
  readonly key: string;
  /** What an earlier attempt failed with. */
  readonly before?: string;
}

function toReading(features: readonly Feature[], path: string): Reading {
  const tally = new TestTally();
  const notices = new Map<string, number>();
  const note = (what: string): void => void notices.set(what, (notices.get(what) ?? 0) + 1);
  // Behave has no address of a feature, only a place, and seconds where all others have nanoseconds.
  const isBehave = features.some(({ uri, location }) => uri == null && location != null);
  for (const feature of features) {
    const badBefore = tally.bad;
    const file = feature.uri ?? feature.location?.replace(/:\d+$/, '');
    const add = (name: string, test: Pick<CountedTest, 'outcome' | 'message'>): void =>
      tally.add({ ...test, name: [feature.name ?? '', name], file });
    for (const attempt of attemptsOf(feature, note)) add(attempt.name, judged(attempt));
    for (const result of resultsOf(feature)) tally.addSeconds(durationOf(result, isBehave ? 1 : 1e9));
    if ((ranks.get(feature.status ?? '') ?? 0) > rank.skipped && tally.bad === badBefore) {
      add('', { outcome: 'errored', message: 'The feature failed, and none of its scenarios did.' });
      note('features that failed though none of their scenarios says so, counted as errored');
    }
  }
  const takenAt = startOf(features);
  return {
    producer: { name: isBehave ? 'behave' : 'cucumber' },
    ...(takenAt ? { takenAt } : {}),
    facts: [tally.run(path)],
    notices: [...notices].map(([what, number]) => `${what}: ${number}`),
  };
}

/** The scenarios of a feature, each with the background that stands before it and the attempts that were repeated folded in. */
function attemptsOf(feature: Feature, note: (what: string) => void): readonly Attempt[] {
  const attempts: Attempt[] = [];
  let background: Worst | undefined;
  for (const element of feature.elements ?? []) {
    const own = worstOf(element);
    if (element.type === 'background') {
      background = worse(background, own);
      continue;
    }
    if (element.type === 'scenario_outline' && own.rank === rank.nothing) {
      note('outlines whose examples have no result in the report, not counted');
      continue;
    }
    // After a background that failed the steps of the scenario are merely skipped.
    const attempt = { ...worse(background, own), name: element.name ?? '', key: keyOf(element) };
    background = undefined;
    const last = attempts.at(-1);
    if (last?.rank === rank.failed && last.key !== '' && last.key === attempt.key)
      attempts[attempts.length - 1] = { ...attempt, before: last.before ?? last.message };
    else attempts.push(attempt);
  }
  if (background && background.rank > rank.skipped) attempts.push({ ...background, name: '(background)', key: '' });
  return attempts;
}

/** Cucumber for Ruby lists each attempt. Rows of examples are no attempts: they differ in their place or their steps. */
function keyOf({ id, line, name, steps }: Element): string {
  if (id == null || line == null) return '';
  return JSON.stringify([id, line, name, steps?.map((step) => step.name)]);
}

function judged({ rank: worst, message, before }: Attempt): Pick<CountedTest, 'outcome' | 'message'> {
  if (worst === rank.passed)
    return before === undefined ? { outcome: 'passed' } : { outcome: 'flaky', message: before };
  // A scenario of which nothing was executed shows nothing.
  if (worst === rank.nothing || worst === rank.skipped) return { outcome: 'skipped' };
  return { outcome: worst === rank.unknown ? 'errored' : 'failed', message };
}

function worse(a: Worst | undefined, b: Worst): Worst {
  return a && a.rank >= b.rank ? a : b;
}

function worstOf(element: Element): Worst {
  let worst: Worst = { rank: rank.nothing, message: '' };
  const look = (result: StepResult, label: string): void => {
    const status = result?.status?.toLowerCase() ?? '';
    // A step without a result was not reached.
    const own = status === '' ? rank.skipped : (ranks.get(status) ?? rank.unknown);
    if (own > worst.rank) worst = { rank: own, message: messageOf(result) || `${status || 'not executed'}: ${label}` };
  };
  const isOutline = element.type === 'scenario_outline' || element.type === 'background';
  for (const { result } of element.before ?? []) look(result, 'hook before the scenario');
  for (const step of element.steps ?? []) {
    for (const { result } of [...(step.before ?? []), ...(step.after ?? [])]) look(result, 'hook of a step');
    // Behave lists the steps of a background without results: each scenario repeats them.
    if (step.result || !isOutline) look(step.result, `${step.keyword?.trim() ?? ''} ${stringOf(step.name)}`.trim());
  }
  for (const { result } of element.after ?? []) look(result, 'hook after the scenario');
  const stated = ranks.get(element.status?.toLowerCase() ?? '') ?? rank.nothing;
  if (stated <= worst.rank) return worst;
  const message = worst.rank > rank.skipped ? worst.message : `stated to be ${element.status ?? ''}`;
  return { rank: stated, message };
}

function messageOf(result: StepResult): string {
  const message = result?.error_message;
  if (!Array.isArray(message)) return (message ?? '').trim();
  // The last line of a Python traceback says what happened.
  const last = message.findLast((line) => line.trim() !== '') ?? '';
  return message[0]?.startsWith('Traceback ') ? last : message.join('\n').trim();
}

function* resultsOf(feature: Feature): Iterable<StepResult> {
  for (const { before, steps, after } of feature.elements ?? []) {
    for (const { result } of before ?? []) yield result;
    for (const step of steps ?? []) {
      yield step.result;
      for (const { result } of [...(step.before ?? []), ...(step.after ?? [])]) yield result;
    }
    for (const { result } of after ?? []) yield result;
  }
}

function durationOf(result: StepResult, scale: number): number | null {
  const duration = result?.duration == null || result.duration === '' ? Number.NaN : Number(result.duration);
  return Number.isFinite(duration) && duration >= 0 ? duration / scale : null;
}

function startOf(features: readonly Feature[]): string | undefined {
  let first: string | undefined;
  for (const element of features.flatMap(({ elements }) => elements ?? [])) {
    const time = zonedTime(element.start_timestamp);
    if (time && (!first || Date.parse(time) < Date.parse(first))) first = time;
  }
  return first;
}
