import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeStates } from '../core/history/outcome.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { OutcomeRecord, Store } from '../ports/store.ts';
import { assessmentOf, outcomeOf } from '../../test/support/stored-records.ts';
import { backtest, type Backtest, type BacktestQuery } from './backtest.ts';

const prediction = { priorFailureRate: 0.15, window: null, workingHours: { from: 8, to: 18 }, costRatio: 5 };
const policy = { service: 'shop', environment: 'production', prediction } as Policy;
const all: BacktestQuery = { policy: null, costRatio: null, days: null };

function run(
  outcomes: readonly OutcomeRecord[],
  assessments: readonly ReturnType<typeof assessmentOf>[] = [],
): Promise<Backtest> {
  const tables: Readonly<Record<string, readonly object[]>> = { outcomes: outcomes.toReversed(), assessments };
  return backtest(
    {
      policy,
      policyDesk: { named: () => Promise.reject(new Error('no policy is asked for')) },
      store: { find: async (table) => tables[table] ?? [] } as Pick<Store, 'find'>,
      clock: { now: () => new Date('2026-06-01T00:00:00.000Z'), zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) },
    },
    all,
  );
}

const at = (day: number): string => new Date(Date.UTC(2026, 2, day, 10)).toISOString();

describe('a backtest', () => {
  const any = fc.record({
    day: fc.integer({ min: 1, max: 12 }),
    outcome: fc.constantFrom(...outcomeStates),
    basis: fc.constantFrom('observed', 'inferred'),
    size: fc.integer({ min: 0, max: 5000 }),
    key: fc.nat(),
  });
  const recordsOf = (
    drawn: readonly { day: number; outcome: string; basis: string; size: number }[],
  ): readonly OutcomeRecord[] =>
    drawn.map(({ day, outcome, basis, size }, index) => {
      const facts = JSON.stringify({ features: { change_size: size } });
      const times = { deployedAt: at(day), createdAt: at(day) };
      return outcomeOf(`o${index}`, { version: `v${index}`, deployment: `d${index}`, outcome, basis, facts, ...times });
    });

  test('does not depend on the order in which deployments of one instant were recorded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 30 }), async (drawn) => {
        const records = recordsOf(drawn);
        const shuffled = records
          .map((record, index) => ({ record, key: drawn[index]!.key }))
          .sort((a, b) => a.key - b.key)
          .map(({ record }) => record);

        expect(await run(shuffled)).toEqual(await run(records));
      }),
      { numRuns: 60 },
    );
  });

  test('counts every deployment once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 30 }), async (drawn) => {
        const { counts, forecasts, recorded } = await run(recordsOf(drawn));

        const { deployments, older, future, pending, inferred, judged } = counts;
        expect(older + future + pending + inferred + judged).toBe(deployments);
        expect(deployments).toBe(drawn.length);
        expect(forecasts.n).toBe(judged);
        expect(recorded.verdicts.n + recorded.unknown).toBe(judged);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the recorded decision', () => {
  const before = at(1);
  const judged = async (facts: object, body: object | null): Promise<Backtest['recorded']> => {
    const record = outcomeOf('o1', {
      version: 'v1',
      outcome: 'failed',
      deployedAt: at(2),
      facts: JSON.stringify(facts),
    });
    const kept = { version: 'v1', createdAt: before, decisionDigest: 'a', decision: 'APPROVED', ...body };
    const assessments =
      body === null ? [] : [assessmentOf('a1', { version: 'v1', createdAt: before, body: JSON.stringify(kept) })];
    return (await run([record], assessments)).recorded;
  };

  test.each([
    [
      'is the one that was recorded with the deployment',
      { decision: 'BLOCKED' },
      { decision: 'APPROVED' },
      'trueBlocks',
    ],
    ['is else that of its assessment', {}, { decision: 'BLOCKED' }, 'trueBlocks'],
    ['is an approval, with warnings too', { decision: 'APPROVED_WITH_WARNINGS' }, null, 'falsePasses'],
    ['is in shadow mode what would have been decided', {}, { shadow: { decision: 'BLOCKED' } }, 'trueBlocks'],
    [
      'is that too where the deployment names it',
      { decision: 'APPROVED' },
      { shadow: { decision: 'BLOCKED' } },
      'trueBlocks',
    ],
  ] as const)('%s', async (_, facts, body, counted) => {
    const { verdicts } = await judged(facts, body);

    expect(verdicts[counted]).toBe(1);
  });

  test.each([
    ['nobody assessed it', {}, null],
    ['it is a word of others', { decision: 'GO' }, null],
  ])('is not known where %s', async (_, facts, body) => {
    expect(await judged(facts, body)).toMatchObject({ unknown: 1, verdicts: { n: 0 } });
  });
});
