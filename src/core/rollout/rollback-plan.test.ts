import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Deployment } from '../history/outcome.ts';
import type { Migration } from './migrations.ts';
import { planDocument, type DocumentValue } from './plan-document.ts';
import { rollbackPlan, type PlanFacts } from './rollback-plan.ts';
import { routerKinds, strategies, type RolloutSettings } from './rollout-settings.ts';
import { roughSpanWords, spanWords } from './trigger-words.ts';

const nothing: RolloutSettings = {
  strategy: null,
  steps: [],
  bakeMs: null,
  router: null,
  regions: [],
  maxFailedRegions: null,
  triggers: [],
  rollback: { owner: null, steps: [], backups: [], cache: null, communication: [] },
  notifiers: [],
};
const bare: PlanFacts = {
  service: 'shop',
  version: 'vNEW',
  environment: 'production',
  now: 'NOW',
  settings: nothing,
  deployments: [],
  baseline: null,
  risk: { known: false, because: 'the release has not been assessed' },
  migrations: { known: true, migrations: [], left: 0 },
};
const facts: PlanFacts = { ...bare, now: '2026-03-01T12:00:00.000Z' };

let made = 0;
function deployed(
  version: string,
  outcome: Deployment['outcome'],
  day: number,
  over: Partial<Deployment> = {},
): Deployment {
  const deployedAt = new Date(Date.UTC(2026, 0, day)).toISOString();
  return {
    id: `o${(made += 1)}`,
    service: 'shop',
    version,
    environment: 'production',
    deployment: `${version}@${day}`,
    outcome,
    deployedAt,
    basis: 'observed',
    source: 'recorded',
    reason: '',
    createdAt: deployedAt,
    facts: {},
    statements: [],
    ...over,
  };
}
const rolledBack = (day: number, minutes: number | null): Deployment =>
  deployed(`v${day}`, 'rolled-back', day, {
    facts: minutes === null ? {} : { recoveredAt: new Date(Date.UTC(2026, 0, day) + minutes * 60_000).toISOString() },
  });

function texts(value: DocumentValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
}
const pageOf = (over: Partial<PlanFacts>): { readonly [key: string]: DocumentValue } =>
  planDocument(rollbackPlan({ ...facts, ...over }));

describe('with nothing configured, recorded or found', () => {
  test('there is no number but the count of past rollbacks and how many are needed', () => {
    const all = texts(planDocument(rollbackPlan(bare)));

    expect(all.flatMap((each) => each.match(/\d+/g) ?? [])).toEqual(['0', '5']);
  });

  test('every part says why it is not there', () => {
    expect(pageOf({})).toMatchObject({
      previous_version: 'not known',
      predicted_rollback_risk: 'not known: the release has not been assessed',
      automatic_triggers: 'not configured: rollout.triggers',
      rollback_procedure: {
        method: 'not configured: rollout.strategy',
        router: 'not configured: rollout.router',
        duration: 'not measured',
        steps: 'not configured: rollout.strategy',
      },
      data_rollback: {
        database_migrations: 'no migrations found in this release',
        data_backups: 'not configured: rollout.rollback.backups',
        cache_invalidation: 'not configured: rollout.rollback.cache',
      },
      estimated_rollback_time: 'not measured',
      success_probability: 'not measured (0 past rollbacks, 5 are needed)',
      communication_plan: 'not configured: rollout.rollback.communication',
      notifiers: 'not configured: notify',
    });
    expect(rollbackPlan(facts).gaps).toHaveLength(4);
  });
});

const every = strategies.flatMap((strategy) =>
  [null, ...routerKinds].map((kind) => ({ strategy, router: kind === null ? null : { kind, name: null } })),
);

test.each(every)('the steps of $strategy with $router.kind hold no number and promise no automation', (some) => {
  const settings = { ...nothing, ...some };

  const { steps } = rollbackPlan({ ...bare, settings });

  expect(steps.length).toBeGreaterThanOrEqual(5);
  expect(steps.filter(({ automated }) => automated)).toEqual([]);
  expect(steps.filter(({ how }) => how !== null)).toHaveLength(some.router === null ? 0 : 1);
  expect(JSON.stringify(steps)).not.toMatch(/\d|[{}]release|\{previous|undefined/);
});

test('a version that looks like a placeholder stays what it is', () => {
  const settings: RolloutSettings = { ...nothing, strategy: 'canary' };

  const { steps } = rollbackPlan({ ...facts, version: '{previous}', settings });

  expect(steps[1]?.action).toBe('Give the previous version all of the traffic, then {previous} none');
});

test("the team's own steps stand in place of those of the strategy, with what the team says of them", () => {
  const steps = [
    { action: 'run ./back.sh', owner: null, automated: true },
    { action: 'call Ada', owner: 'Bob', automated: null },
  ];
  const settings: RolloutSettings = {
    ...nothing,
    strategy: 'rolling',
    rollback: { ...nothing.rollback, owner: 'Ada', steps },
  };

  expect(rollbackPlan({ ...facts, settings }).steps).toEqual([
    { action: 'run ./back.sh', how: null, owner: 'Ada', automated: true },
    { action: 'call Ada', how: null, owner: 'Bob', automated: false },
  ]);
  expect(pageOf({ settings })).toMatchObject({ rollback_procedure: { steps_from: 'rollout.rollback.steps' } });
});

describe('the previous version', () => {
  const previousOf = (deployments: readonly Deployment[], over: Partial<PlanFacts> = {}) =>
    rollbackPlan({ ...facts, version: 'v5', deployments, ...over }).previous;

  test('is the newest one that somebody saw succeed', () => {
    const history = [deployed('v1', 'success', 1), deployed('v2', 'success', 2), deployed('v3', 'rolled-back', 3)];

    expect(previousOf(history)).toMatchObject({ version: 'v2', from: 'deployments', at: '2026-01-02T00:00:00.000Z' });
  });

  test('is none that failed when it was deployed again', () => {
    const history = [deployed('v1', 'success', 1), deployed('v2', 'success', 2), deployed('v2', 'failed', 3)];

    expect(previousOf(history)?.version).toBe('v1');
  });

  test('is neither the release, nor one that came after it, nor a guess, nor a plan', () => {
    const history = [
      deployed('v4', 'success', 4),
      deployed('v5', 'success', 5),
      deployed('v6', 'success', 6),
      deployed('v7', 'success', 3, { basis: 'inferred' }),
    ];

    expect(previousOf(history)?.version).toBe('v4');
    expect(previousOf([deployed('v4', 'success', 4), deployed('v9', 'success', 300)])?.version).toBe('v4');
  });

  test('leaves a gap where nobody recorded how later ones went', () => {
    const plan = rollbackPlan({
      ...facts,
      deployments: [deployed('v3', 'success', 3), deployed('v4', 'pending', 4)],
    });

    expect(plan.previous).toMatchObject({ version: 'v3', unknownSince: ['v4'] });
    expect(plan.gaps).toContain(
      'nobody recorded how these deployments went, which came after the previous version: v4',
    );
  });

  test('is the baseline in git where no success is recorded', () => {
    const baseline = { ref: 'v4', committedAt: '2026-01-01T00:00:00.000Z' };

    expect(previousOf([deployed('v3', 'failed', 3)], { baseline })).toMatchObject({ version: 'v4', from: 'git' });
    expect(previousOf([], { baseline: { ...baseline, ref: 'v5' } })).toBeNull();
  });
});

describe('what was measured in the past', () => {
  test('is the median of the times to recovery, with n', () => {
    const deployments = [rolledBack(1, 30), rolledBack(2, 90), rolledBack(3, 72), rolledBack(4, null)];

    expect(pageOf({ deployments })).toMatchObject({
      estimated_rollback_time: '1 hour 12 minutes from deployment to recovery (median, n = 3)',
      success_probability: 'not measured (4 past rollbacks, 5 are needed)',
    });
  });

  test('is the share of rollbacks that are recorded as recovered, from five on', () => {
    const deployments = [...[1, 2, 3, 4].map((day) => rolledBack(day, 10)), rolledBack(5, null), rolledBack(6, -5)];

    expect(pageOf({ deployments })['success_probability']).toBe(
      '66.7% (4 of 6 past rollbacks are recorded as recovered; 95% interval 30% to 90.3%)',
    );
  });

  test('leaves out what was guessed and what lies in the future', () => {
    const deployments = [{ ...rolledBack(1, 10), basis: 'inferred' as const }, rolledBack(400, 10)];

    expect(pageOf({ deployments })['estimated_rollback_time']).toBe('not measured');
  });
});

test('the predicted risk is what the assessment says', () => {
  const value = { probability: 8.2, level: 'LOW', isPrior: false, because: 'n = 41', at: '2026-02-01T00:00:00.000Z' };

  expect(pageOf({ risk: { known: true, value } })).toMatchObject({
    predicted_rollback_risk: '8.2% (LOW)',
    predicted_rollback_risk_from: 'assessment of 2026-02-01T00:00:00.000Z: n = 41',
  });
});

test('what is only expected beforehand is not given as a prediction, and no chance reads as 0', () => {
  const value = { probability: 0.01, level: 'LOW', isPrior: true, because: 'n = 0', at: '2026-02-01T00:00:00.000Z' };
  const saidOf = (isPrior: boolean) =>
    pageOf({ risk: { known: true, value: { ...value, isPrior } } })['predicted_rollback_risk'];

  expect(saidOf(true)).toBe('not enough outcomes (n = 0); the prior expects below 0.1%');
  expect(saidOf(false)).toBe('below 0.1% (LOW)');
});

test('triggers are written as the mission writes them', () => {
  const minute = 60_000;
  const settings: RolloutSettings = {
    ...nothing,
    triggers: [
      { kind: 'error-rate', above: 5, forMs: 2 * minute },
      { kind: 'response-time', percentile: 'p95', above: 1000, forMs: 5 * minute },
      { kind: 'availability', below: 99.5, forMs: minute },
      {
        kind: 'custom',
        name: 'checkout_conversion',
        comparison: '<',
        threshold: { value: 80, unit: '%' },
        forMs: 3 * minute,
      },
    ],
  };

  expect(pageOf({ settings })['automatic_triggers']).toEqual([
    { error_rate_threshold: '>5% for 2 minutes' },
    { response_time_threshold: 'p95 >1000ms for 5 minutes' },
    { availability_threshold: '<99.5% for 1 minute' },
    { custom_metric: 'checkout_conversion <80% for 3 minutes' },
  ]);
});

test('spans are in words', () => {
  expect([0, 1, 1500, 90_000, 120_000, 3_600_000, 604_800_000].map(spanWords)).toEqual([
    '0 milliseconds',
    '1 millisecond',
    '1500 milliseconds',
    '90 seconds',
    '2 minutes',
    '1 hour',
    '1 week',
  ]);
  expect([0, 29_600, 3_600_000, 3_660_000, 90_061_000].map(roughSpanWords)).toEqual([
    '0 seconds',
    '30 seconds',
    '1 hour',
    '1 hour 1 minute',
    '1 day 1 hour',
  ]);
});

const migration = fc.record<Migration>({
  path: fc.constantFrom('a.sql', 'b.sql', 'c.sql'),
  change: fc.constantFrom('added', 'changed'),
  tool: fc.constant('x'),
  downStep: fc.constantFrom('present', 'missing', 'unknown'),
  because: fc.constant('why'),
  losses: fc.subarray(['drops a table', 'deletes rows'] as const),
});

test('a down step more never makes the plan worse', () => {
  fc.assert(
    fc.property(fc.array(migration, { minLength: 1, maxLength: 6 }), fc.nat(), fc.boolean(), (some, at, hasBackup) => {
      const backups = hasBackup ? [{ what: 'all', location: 'there', declaredAt: null }] : [];
      const settings = { ...nothing, rollback: { ...nothing.rollback, backups } };
      const planOf = (migrations: readonly Migration[]) =>
        rollbackPlan({ ...facts, settings, migrations: { known: true, migrations, left: 0 } });
      const better = some.with(at % some.length, { ...some[at % some.length]!, downStep: 'present', because: '' });

      const before = planOf(some).gaps;
      const after = planOf(better).gaps;

      expect(after.filter((gap) => !before.includes(gap))).toEqual([]);
      expect(after.length).toBeLessThanOrEqual(before.length);
    }),
    { numRuns: 500 },
  );
});

test('a step up that loses data wants a backup, whatever its down step', () => {
  const lossy: Migration = {
    path: 'a.sql',
    change: 'added',
    tool: 'x',
    downStep: 'present',
    because: '',
    losses: ['drops a table'],
  };
  const migrations = { known: true, migrations: [lossy], left: 0 } as const;
  const backups = [{ what: 'orders', location: 's3://b', declaredAt: '2026-02-28' }];
  const settings = { ...nothing, rollback: { ...nothing.rollback, backups } };

  expect(rollbackPlan({ ...facts, migrations }).gaps.at(-1)).toContain('a.sql drops a table');
  expect(rollbackPlan({ ...facts, migrations, settings }).gaps.join()).not.toContain('a.sql');
  expect(pageOf({ migrations, settings })).toMatchObject({
    data_rollback: { data_backups: ['declared: orders in s3://b, of 2026-02-28'] },
  });
});

test('a plan with all that it needs has no gaps', () => {
  const settings: RolloutSettings = {
    ...nothing,
    strategy: 'blue-green',
    triggers: [{ kind: 'error-rate', above: 5, forMs: 1000 }],
    rollback: { ...nothing.rollback, owner: 'Ada', cache: { action: 'flush-prefix', prefix: 'shop:' } },
  };
  const deployments = [deployed('v1', 'success', 1)];

  expect(rollbackPlan({ ...facts, settings, deployments }).gaps).toEqual([]);
  expect(pageOf({ settings })).toMatchObject({
    data_rollback: { cache_invalidation: 'flush the keys that start with "shop:", and no others' },
  });
});
