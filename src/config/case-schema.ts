import * as z from 'zod/mini';
import { ruleIds } from '../core/decision/decide.ts';
import { gradeValue, grades, metricIds, metricOf, type MetricId } from '../core/signal/metrics.ts';
import type { CaseValue, PolicyCase } from '../core/policy/policy-case.ts';
import { described, name, text } from './basic-schema.ts';

const decisions = ['APPROVED', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL'] as const;
const outcomes = ['pass', 'fail', 'no-evidence', 'waived', 'skipped'] as const;
const states = ['missing', 'stale', 'unreadable', 'not-applicable'] as const;

const value = z.union([
  z.number(),
  z.boolean(),
  z.enum([...states, ...grades]),
  z
    .string()
    .check(
      z.regex(/^\d{1,15}\/\d{1,15}$/, 'write a number, 190/204, a grade, yes or no, missing, stale or unreadable'),
    ),
]);
const metric = z.enum(metricIds as [string, ...string[]]);

const oneCase = z.strictObject({
  name: text,
  environment: z.optional(name),
  service: z.optional(text),
  fast_track: z.optional(z.boolean()),
  now: z.optional(
    z
      .string()
      .check(
        z.refine(
          (time) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/.test(time) && !Number.isNaN(Date.parse(time)),
          'write a time such as 2027-01-31T12:00Z',
        ),
      ),
  ),
  signals: z.optional(z.partialRecord(metric, value)),
  others: z.optional(z.enum(['good', 'missing'])).check(described('What is not named; missing if absent.')),
  previous: z.optional(z.record(text, z.partialRecord(metric, z.number()))),
  policy_changed: z.optional(z.boolean()),
  expect: z.strictObject({
    decision: z.enum(decisions),
    status: z.optional(z.enum([...decisions, 'APPROVED_WITH_WARNINGS'])),
    gates: z.optional(z.record(name, z.enum(outcomes))),
    rules: z.optional(z.array(z.enum(ruleIds))),
  }),
});

/** A file of cases for `policy test`. */
export const caseFileSchema = z.strictObject({
  cases: z.array(oneCase).check(z.minLength(1, 'there is no case')),
});

export type CaseFile = z.infer<typeof caseFileSchema>;
type OneCase = CaseFile['cases'][number];
type FileValue = z.infer<typeof value>;

/** What is wrong with a value for its metric; null if it fits. */
export function valueProblem(id: MetricId, said: FileValue): string | null {
  const { unit } = metricOf(id);
  const isState = typeof said === 'string' && states.some((state) => state === said);
  if (isState) return null;
  if (unit === 'grade') return typeof said === 'string' && !said.includes('/') ? null : 'write a grade from A to E';
  if (unit === 'yes-no') return typeof said === 'boolean' ? null : 'write true or false';
  if (typeof said === 'boolean') return 'write a number';
  if (typeof said === 'string') {
    const [part = 0, whole = 0] = said.split('/').map(Number);
    if (unit !== '%') return said.includes('/') ? 'only a percentage is a count of a count' : 'write a number';
    return said.includes('/') && whole > 0 && part <= whole ? null : 'write a part of a whole, such as 190/204';
  }
  if (!Number.isFinite(said) || said < 0) return 'write a number of 0 or more';
  if ((unit === '%' || unit === 'score') && said > 100) return 'write a number up to 100';
  if ((unit === 'count' || unit === 'lines') && !Number.isInteger(said)) return 'write a whole number';
  return null;
}

export function caseFrom(each: OneCase): PolicyCase {
  const { expect, signals = {}, previous = {} } = each;
  return {
    name: each.name,
    environment: each.environment ?? null,
    service: each.service ?? null,
    fastTrack: each.fast_track ?? false,
    now: each.now === undefined ? null : new Date(each.now).toISOString(),
    signals: Object.fromEntries(
      Object.entries(signals).flatMap(([id, said]) => (said === undefined ? [] : [[id, valueFrom(said)]])),
    ),
    others: each.others ?? 'missing',
    previous: Object.entries(previous).map(([version, values]) => ({ version, values })),
    policyChanged: each.policy_changed ?? false,
    expect: {
      decision: expect.decision,
      status: expect.status ?? null,
      gates: expect.gates ?? {},
      rules: expect.rules ?? [],
    },
  };
}

function valueFrom(said: FileValue): CaseValue {
  if (typeof said === 'number') return { value: said, exact: null };
  if (typeof said === 'boolean') return { value: said ? 1 : 0, exact: null };
  const state = states.find((each) => each === said);
  if (state) return { state };
  if (!said.includes('/')) return { value: gradeValue(said as 'A'), exact: null };
  const [part = 0, whole = 1] = said.split('/').map(Number);
  return { value: (100 * part) / whole, exact: { part, whole } };
}
