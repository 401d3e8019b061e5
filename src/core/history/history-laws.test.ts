import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PastAssessment } from './decided-deployment.ts';
import { decisionRecordOf } from './decision-record.ts';
import { deliveryMetricsOf, stabilityOf } from './dora.ts';
import { deploymentsOf, outcomeStates, type Deployment, type OutcomeStatement } from './outcome.ts';
import { quantile } from './quantile.ts';
import { shareOf, type Share } from './share.ts';

const now = '2026-03-31T12:00:00.000Z';
const window = { now, days: 90 };
const time = fc
  .integer({ min: Date.parse('2025-11-01'), max: Date.parse('2026-05-01') })
  .map((at) => new Date(at).toISOString());
const version = fc.constantFrom('v1', 'v2', 'v3', 'v4', 'v5', 'v6');
const decision = fc.constantFrom('APPROVED', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL', 'something else');

const statement: fc.Arbitrary<Omit<OutcomeStatement, 'id' | 'deployment'>> = fc.record({
  service: fc.constant('shop'),
  environment: fc.constant('production'),
  version,
  outcome: fc.constantFrom(...outcomeStates),
  deployedAt: time,
  basis: fc.constantFrom('observed', 'inferred'),
  source: fc.constant('recorded'),
  reason: fc.constant(''),
  createdAt: time,
  facts: fc.record(
    { decision, firstCommitAt: time, committedAt: time, recoveredAt: time, unplanned: fc.boolean() },
    { requiredKeys: [] },
  ),
});
const deployments: fc.Arbitrary<readonly Deployment[]> = fc
  .array(statement, { maxLength: 40 })
  .map((all) => deploymentsOf(all.map((each, index) => ({ ...each, id: `${index}`, deployment: `d${index}` }))));
/** No two of one version and instant: of those the first counts. */
const assessments: fc.Arbitrary<readonly PastAssessment[]> = fc.uniqueArray(
  fc.record({
    version,
    createdAt: time,
    decision,
    wouldBe: fc.option(decision),
    riskScore: fc.constant(null),
    failureProbability: fc.constant(null),
    rollbackProbability: fc.constant(null),
    overridden: fc.constantFrom([], ['security']),
    emergency: fc.boolean(),
  }),
  { selector: ({ version: of, createdAt }) => `${of} ${createdAt}`, maxLength: 15 },
);

describe('decisions against outcomes', () => {
  test('every deployment of the window is in one count, and in one bucket of the trend', () => {
    fc.assert(
      fc.property(deployments, assessments, (all, judged) => {
        const record = decisionRecordOf(all, judged, window);

        const inWindow = all.filter(({ deployedAt }) => deployedAt <= now && deployedAt >= record.from);
        const counted = Object.values(record.counts).flatMap((each) => Object.values(each));
        const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
        expect(record.deployments).toHaveLength(inWindow.length);
        expect(sum(counted)).toBe(inWindow.length);
        expect(sum(record.trend.buckets.map((bucket) => bucket.deployments))).toBe(inWindow.length);
        expect(record.future).toHaveLength(all.filter(({ deployedAt }) => deployedAt > now).length);
        for (const { deployments: n, pending, inferred, failures } of record.trend.buckets)
          expect(failures.n + pending + inferred).toBe(n);
      }),
      { numRuns: 300 },
    );
  });

  test('only observed outcomes are in a share, and both sides of the regret are all of them', () => {
    fc.assert(
      fc.property(deployments, assessments, (all, judged) => {
        const { counts, regret, falsePass, falseBlock, trueBlock } = decisionRecordOf(all, judged, window);

        const observed = Object.values(counts).reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0);
        expect(regret.opened.n + regret.others.n).toBe(observed);
        expect(falsePass.n).toBe(counts.approved.succeeded + counts.approved.failed);
        expect(falseBlock.count + trueBlock.count).toBe(falseBlock.n);
      }),
      { numRuns: 300 },
    );
  });

  test('the order in which they are given changes nothing', () => {
    fc.assert(
      fc.property(deployments, assessments, fc.infiniteStream(fc.nat()), (all, judged, chance) => {
        const shuffled = <T>(values: readonly T[]): readonly T[] =>
          values
            .map((value) => ({ value, at: chance.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ value }) => value);

        const given = [decisionRecordOf(all, judged, window), deliveryMetricsOf(all, window), stabilityOf(all, window)];
        const other = shuffled(all);

        expect([
          decisionRecordOf(other, shuffled(judged), window),
          deliveryMetricsOf(other, window),
          stabilityOf(other, window),
        ]).toEqual(given);
      }),
      { numRuns: 200 },
    );
  });

  test('the decision is of the newest assessment that is not newer than the deployment', () => {
    const past = (createdAt: string, is: string): PastAssessment => ({
      version: 'v1',
      createdAt,
      decision: is,
      wouldBe: null,
      riskScore: 12,
      failureProbability: null,
      rollbackProbability: null,
      overridden: [],
      emergency: false,
    });
    const judged = [
      past('2026-03-01T09:00:00Z', 'BLOCKED'),
      past('2026-03-01T10:00:00Z', 'APPROVED'),
      past('2026-03-01T11:00:00Z', 'INCONCLUSIVE'),
    ];

    const { deployments: found, blockedForGood } = decisionRecordOf([deployed({ version: 'v1' })], judged, window);

    expect(found.map(({ decision: is, assessment }) => [is, assessment?.createdAt])).toEqual([
      ['APPROVED', '2026-03-01T10:00:00Z'],
    ]);
    expect(blockedForGood).toEqual([]);
  });
});

describe('rates and times', () => {
  test('are null below five, and only there', () => {
    fc.assert(
      fc.property(deployments, (all) => {
        const stable = stabilityOf(all, window);
        const { n, leadTime, recoveryTime, changeFailRate, deploymentFrequency } = deliveryMetricsOf(all, window);

        expect(stable.failureRate === null).toBe(stable.n < 5);
        expect(stable.rollbackFrequency === null).toBe(stable.n < 5);
        expect(stable.meanHoursToRecover === null).toBe(stable.recoveries < 5);
        expect([changeFailRate.percent === null, deploymentFrequency.perDay === null]).toEqual([n < 5, n < 5]);
        for (const hours of [leadTime, recoveryTime]) expect(hours.medianHours === null).toBe(hours.n < 5);
        expect(changeFailRate.percent).toBe(stable.failureRate);
        expect(leadTime.n + leadTime.unknown + leadTime.again).toBe(n);
      }),
      { numRuns: 300 },
    );
  });

  test('of six deployments of which two failed and one was rolled back', () => {
    const failed = { outcome: 'failed', facts: { recoveredAt: '2026-03-01T12:00:00.000Z' } } as const;
    const all = [{}, {}, {}, {}, failed, { outcome: 'rolled-back' } as const, { outcome: 'pending' } as const];
    const inferred = { outcome: 'failed', basis: 'inferred' } as const;

    const stable = stabilityOf(
      [...all, inferred].map((over, index) => deployed({ ...over, deployment: `d${index}` })),
      window,
    );

    expect(stable).toEqual({
      n: 6,
      failed: 2,
      rolledBack: 1,
      failureRate: 200 / 6,
      rollbackFrequency: 100 / 6,
      meanHoursToRecover: null,
      recoveries: 1,
    });
  });

  test('a version that is put back brings no change, so it has no lead time', () => {
    const at = (day: number): string => new Date(Date.UTC(2026, 2, day, 12)).toISOString();
    const release = (name: string, day: number, of = name) =>
      deployed({ version: of, deployment: name, deployedAt: at(day), facts: { committedAt: at(day - 1) } });
    const putBack = deployed({ version: 'v1', deployment: 'back', deployedAt: at(20), facts: { committedAt: at(1) } });
    const all = [putBack, ...['v1', 'v2', 'v3', 'v4', 'v5'].map((name, index) => release(name, 2 + index))];
    const older = deployed({ version: 'v6', deployment: 'old', deployedAt: '2025-10-01T12:00:00.000Z' });

    const { n, leadTime } = deliveryMetricsOf(all, window);
    const again = deliveryMetricsOf([...all, older, release('v6 again', 9, 'v6')], window).leadTime;

    expect(n).toBe(6);
    expect(leadTime).toEqual({ n: 5, medianHours: 24, p90Hours: 24, fromFirstCommit: 0, fromNewestCommit: 5, again: 1, unknown: 0 }); // prettier-ignore
    expect(again.again).toBe(2);
  });

  test('say nothing of rework where no deployment says whether it was planned', () => {
    const silent = Array.from({ length: 6 }, (_, index) => deployed({ deployment: `d${index}` }));
    const one = [...silent, deployed({ deployment: 'hotfix', facts: { unplanned: true } })];

    expect(deliveryMetricsOf(silent, window).reworkRate).toMatchObject({ n: 6, percent: null, unknown: 6 });
    expect(deliveryMetricsOf(one, window).reworkRate).toMatchObject({ count: 1, n: 7, percent: 100 / 7, unknown: 6 });
  });
});

describe('a share', () => {
  // Roots of (p − p̂)² = z²·p(1 − p)/n, solved by themselves.
  test.each([
    [0, 10, 0, 27.7533],
    [1, 10, 1.7876, 40.415],
    [3, 9, 12.0584, 64.5798],
    [5, 5, 56.5518, 100],
  ])('%i of %i lies between %f and %f', (count, n, low, high) => {
    const { interval } = shareOf(count, n);

    expect(interval![0]).toBeCloseTo(low, 4);
    expect(interval![1]).toBeCloseTo(high, 4);
  });

  test('lies in its interval, which lies between 0 and 100 and shrinks with n', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (count, others) => {
        const { percent, interval, n }: Share = shareOf(count, count + others);

        expect(percent === null).toBe(n < 5);
        if (percent === null || interval === null) return;
        const wider = interval[1] - interval[0];
        const [low, high] = shareOf(10 * count, 10 * n).interval!;
        expect(interval[0]).toBeGreaterThanOrEqual(0);
        expect(interval[1]).toBeLessThanOrEqual(100);
        expect(percent).toBeGreaterThanOrEqual(interval[0] - 1e-9);
        expect(percent).toBeLessThanOrEqual(interval[1] + 1e-9);
        expect(high - low).toBeLessThan(wider);
      }),
      { numRuns: 500 },
    );
  });
});

test('the quantile lies between its neighbours', () => {
  expect([quantile([], 0.5), quantile([7], 0.9), quantile([4, 1, 3, 2], 0.5), quantile([10, 20, 30], 0.9)]).toEqual([
    null,
    7,
    2.5,
    28,
  ]);
});

function deployed(over: Partial<Deployment>): Deployment {
  const said: OutcomeStatement = {
    id: 'o1',
    service: 'shop',
    version: 'v1',
    environment: 'production',
    deployment: 'd1',
    outcome: 'success',
    deployedAt: '2026-03-01T10:00:00.000Z',
    basis: 'observed',
    source: 'recorded',
    reason: '',
    createdAt: now,
    facts: {},
  };
  return { ...said, statements: [said], ...over };
}
