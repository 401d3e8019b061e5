import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { Backtest } from '../../src/app/backtest.ts';
import type { OutcomeState } from '../../src/core/history/outcome.ts';
import { backtestJsonSchema } from '../../src/surfaces/json/backtest-schema.ts';
import { aqeWith, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { hostileTexts, unsafeIn } from '../support/hostile.ts';
import { emptyProject, project, type Project } from '../support/project.ts';
import { assessmentsOf, recordAll, releasedAt, releaseOf } from '../support/recorded-releases.ts';

afterAll(removeTemporaryFolders);

const clock = { ...systemClock, now: () => new Date('2026-06-01T00:00:00.000Z') };
const run = ({ root }: Pick<Project, 'root'>, ...flags: readonly string[]): Promise<CliResult> =>
  aqeWith({ clock }, root, ['backtest', ...flags]);
const resultOf = async (shop: Project, ...flags: readonly string[]): Promise<Backtest> =>
  json<Record<string, unknown>>(await run(shop, '--json', ...flags)) as unknown as Backtest;
const days = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const shopWithout = (): Project => {
  const shop = emptyProject();
  shop.write('aqe-deploy.yaml', 'service: shop\n');
  return shop;
};
const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(backtestJsonSchema());

/** Forty releases, every fifth of which fails and is large. */
const endOf = (day: number): OutcomeState => (day % 5 === 0 ? 'rolled-back' : 'success');
const forty = days(40).map((day) =>
  releaseOf(day, endOf(day), {
    facts: JSON.stringify({
      features: { change_size: day % 5 === 0 ? 900 + day : 20 + day },
      decision: day === 5 || day === 6 ? 'BLOCKED' : 'APPROVED',
    }),
  }),
);

describe('forty releases with eight failures', () => {
  let shop: Project;
  beforeAll(async () => {
    shop = shopWithout();
    await recordAll(shop, { outcomes: forty });
  });

  test('are read at 80 columns, with what was counted', async () => {
    const { code, out } = await run(shop);

    expect(code).toBe(0);
    expect(out).toMatch(/^Backtest of shop in production: 40 releases with a known outcome, 8 failed\n/);
    expect(out).toContain('deployed 2026-03-01 to 2026-04-09');
    expect(out).toContain('Recorded decisions about 40 releases\n  blocked 2: 1 failed, 1 succeeded\n');
    expect(out.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
    expect(out).not.toMatch(/NaN|null|undefined|Infinity/);
  });

  test('have figures that follow from their forecasts', async () => {
    const { counts, forecasts, recorded, costRatio } = await resultOf(shop, '--cost-ratio', '7');

    expect(counts).toEqual({ deployments: 40, older: 0, future: 0, pending: 0, inferred: 0, judged: 40 });
    expect(forecasts).toMatchObject({ n: 40, failures: 8, from: releasedAt(1), to: releasedAt(40), notEnough: null });
    expect(costRatio).toBe(7);
    expect(forecasts.model.threshold).toBeCloseTo(1 / 8, 12);
    expect(forecasts.model.costs).toMatchObject({ alwaysApprove: 56, alwaysBlock: 32, better: 'always-block' });
    // Large releases fail here, and the model has seen it: it ranks them above the others, as the base rate cannot.
    expect(forecasts.model.auc.value).toBeGreaterThan(forecasts.baseRate.auc.value!);
    expect(forecasts.model.brierSkill.skill.value).toBeGreaterThan(0);
    expect(forecasts.baseRate.brierSkill).toEqual({ skill: { value: 0, reason: null }, interval: [0, 0] });
    expect(recorded.verdicts).toMatchObject({ n: 40, trueBlocks: 1, falseBlocks: 1, falsePasses: 7, truePasses: 31 });
  });

  test('say so where blocking by a forecast would have cost more than doing nothing', async () => {
    // At 20 % failures a ratio of 5 blocks about half of them by the base rate, mostly good ones.
    const { forecasts } = await resultOf(shop, '--cost-ratio', '5');
    const { out } = await run(shop, '--cost-ratio', '5');

    const { saved } = forecasts.baseRate.costs;
    expect(saved).toBeLessThan(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `holding back by the base rate would have cost ${-saved} more than always`,
    );
  });

  test('are cut to the last days, and what they are forecast from is not', async () => {
    const all = await resultOf(shop);
    const last = await resultOf(shop, '--days', '60');

    // 1 June less 60 days is midnight of 2 April, before release 33: eight are left, of which 35 and 40 failed.
    expect(last.counts).toMatchObject({ deployments: 40, older: 32, judged: 8 });
    expect(last.forecasts).toMatchObject({ n: 8, failures: 2, notEnough: 'not enough outcomes (n = 8, 2 failed)' });
    expect(last.forecasts.model.brier).toEqual({ value: null, reason: 'not enough outcomes (n = 8, 2 failed)' });
    expect(all.forecasts.n).toBe(40);
    expect(last.forecasts.model.verdicts.trueBlocks).toBe(2);
  });

  test.each([[[]], [['--cost-ratio', '2.5']], [['--days', '10']], [['--policy', '.']]])(
    'fit the published schema with %j',
    async (flags) => {
      const result = json(await run(shop, '--json', ...flags));

      validate(result);

      expect(validate.errors).toBeNull();
    },
  );

  test('are drawn as a reliability diagram', async () => {
    const { code, out } = await run(shop, '--format', 'svg');
    const written = await run(shop, '--format', 'svg', '--output', 'out/reliability.svg');

    expect(code).toBe(0);
    expect(out).toMatch(/^<\?xml [^>]*>\n<svg /);
    expect(out).toContain('Reliability of forecasts: shop in production, n = 40, 8 failed');
    expect(out).toContain('share that failed, 20%');
    expect(out).toMatch(/n = \d+/);
    expect(written).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(join(shop.root, 'out/reliability.svg'), 'utf8')).toBe(out);
  });

  test.each([
    [['--cost-ratio', '0'], 'AQE1002'],
    [['--cost-ratio', 'Infinity'], 'AQE1002'],
    [['--cost-ratio', '1e2'], 'AQE1002'],
    [['--days', '0'], 'AQE1002'],
    [['--days', '1.5'], 'AQE1002'],
    [['--format', 'pdf'], 'AQE1002'],
  ])('with %j are a mistake in the command', async (flags, code) => {
    const result = await run(shop, ...flags);

    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain(code);
  });
});

describe('without enough outcomes', () => {
  test('no deployment at all is 3, with no number that was not measured', async () => {
    const shop = shopWithout();

    const { code, out } = await run(shop);
    const result = await resultOf(shop);

    expect(code).toBe(3);
    expect(out).toContain('not enough outcomes (n = 0, 0 failed)');
    expect(out).toContain('aqe deploy record and aqe deploy history import');
    expect(result.forecasts.model.auc).toEqual({ value: null, reason: 'not enough outcomes (n = 0, 0 failed)' });
    expect((await run(shop, '--format', 'svg')).code).toBe(3);
  });

  test('outcomes without decisions have no shares of decisions, and the page says what a decision takes', async () => {
    const shop = shopWithout();
    await recordAll(shop, { outcomes: days(3).map((day) => releaseOf(day, 'success')) });

    const { code, out } = await run(shop, '--policy', '.');

    expect(code).toBe(0);
    expect(out).toContain('Recorded decisions about 0 releases; 3 releases have none\n  nothing to count\n');
    expect(out).toContain('A release has one if it was assessed, and kept, before it was deployed.');
    expect(out).toContain('3 releases cannot be judged again: no assessment is kept (v3, v2, v1)');
    expect(out).not.toContain('blocked 0');
  });

  test('a policy that is neither a file nor a revision is named as both', async () => {
    const { root } = project();

    const { code, err } = await run({ root }, '--policy', 'stricter.yaml');

    expect(code).toBe(2);
    expect(err).toContain('there is neither a file nor a revision "stricter.yaml"');
  });

  test('pending, inferred and future ones are counted and judge nothing', async () => {
    const shop = shopWithout();
    const outcomes = [
      ...days(12).map((day) => releaseOf(day, 'pending')),
      ...days(3).map((day) => releaseOf(12 + day, 'failed', { basis: 'inferred', source: 'git-tags' })),
      releaseOf(20, 'success', { deployedAt: '2026-06-01T00:00:00.001Z' }),
    ];
    await recordAll(shop, { outcomes });

    const { code, out } = await run(shop);
    const result = await resultOf(shop);

    expect(code).toBe(3);
    expect(out).toContain('left out: 12 pending, 3 inferred, 1 in the future');
    expect(result.counts).toEqual({ deployments: 16, older: 0, future: 1, pending: 12, inferred: 3, judged: 0 });
    expect(result.forecasts.n).toBe(0);
  });

  test('one kind of outcome has no figure that needs both, and says so', async () => {
    const shop = shopWithout();
    await recordAll(shop, { outcomes: days(15).map((day) => releaseOf(day, 'success')) });

    const { code, out } = await run(shop);
    const { forecasts } = await resultOf(shop);

    const reason = 'not enough outcomes (n = 15, 0 failed)';
    expect(code).toBe(0);
    expect(out).toContain(reason);
    expect(forecasts.model.auc).toEqual({ value: null, reason });
    expect(forecasts.model.brier.value).toBeGreaterThan(0);
    expect(forecasts.model.brierSkill.interval).toBeNull();
    expect(forecasts.model.costs.savedShare).toBeNull();
  });

  test('a deployment that is amended counts once, by the newest word', async () => {
    const shop = shopWithout();
    const amended = releaseOf(1, 'failed', { id: 'later', createdAt: releasedAt(3) });
    await recordAll(shop, { outcomes: [releaseOf(1, 'success'), amended] });

    const { forecasts } = await resultOf(shop);

    expect(forecasts).toMatchObject({ n: 1, failures: 1 });
  });
});

describe('--policy', () => {
  let shop: Project;
  const strict = `service: shop
deployment_gates:
  mandatory_gates:
    coverage: { min_line_coverage: 95, enforcement: BLOCKING }
`;

  beforeAll(async () => {
    shop = project();
    const assessed = await assessmentsOf(shop);
    shop.write('strict.yaml', strict);
    shop.write('broken.yaml', 'service: [\n');
    await recordAll(shop, {
      assessments: [
        assessed('v1', '2026-02-20T00:00:00.000Z', [96, 100]),
        assessed('v2', '2026-02-20T00:00:00.000Z', [90, 100]),
        assessed('v3', '2026-02-20T00:00:00.000Z', [90, 100]),
        assessed('v4', '2026-02-20T00:00:00.000Z', [99, 100], 'BLOCKED'),
        // Only the one before the deployment counts.
        assessed('v5', '2026-02-20T00:00:00.000Z', [99, 100]),
        assessed('v5', '2026-04-20T00:00:00.000Z', [10, 100]),
        assessed('v6', '2026-04-20T00:00:00.000Z', [99, 100]),
      ],
    });
    const ends: readonly OutcomeState[] = ['success', 'success', 'hotfixed', 'failed', 'success', 'success', 'failed'];
    await recordAll(shop, { outcomes: ends.map((end, index) => releaseOf(index + 1, end)) });
  });

  test('judges what was recorded again, and counts right and wrong blocks', async () => {
    const { policy, recorded } = await resultOf(shop, '--policy', 'strict.yaml');

    expect(policy!.name).toBe('strict.yaml');
    expect(policy!.verdicts).toMatchObject({ n: 5, trueBlocks: 1, falseBlocks: 1, falsePasses: 1, truePasses: 2 });
    expect(policy!.blocked.map(({ version, outcome }) => [version, outcome])).toEqual([
      ['v3', 'hotfixed'],
      ['v2', 'success'],
    ]);
    expect(policy!.verdicts.accuracy).toMatchObject({ count: 3, of: 5 });
    expect(policy!.recordedOfSame.n).toBe(5);
    expect(recorded).toMatchObject({ unknown: 2 });
    expect(recorded.verdicts.trueBlocks).toBe(1);
  });

  test('in shadow mode is judged in earnest', async () => {
    shop.write('shadow.yaml', `${strict}mode: shadow\n`);

    const [shadow, enforced] = [
      await resultOf(shop, '--policy', 'shadow.yaml'),
      await resultOf(shop, '--policy', 'strict.yaml'),
    ];

    expect(shadow.policy!.verdicts).toEqual(enforced.policy!.verdicts);
    expect(shadow.policy!.verdicts.trueBlocks).toBe(1);
  });

  test('says which releases cannot be judged, and why', async () => {
    const { policy } = await resultOf(shop, '--policy', 'strict.yaml');
    const { out } = await run(shop, '--policy', 'strict.yaml');

    expect(policy!.notJudged).toEqual([
      { reason: 'no assessment is kept', count: 1, versions: ['v7'] },
      { reason: 'assessed only after the deployment', count: 1, versions: ['v6'] },
    ]);
    expect(out).toContain('1 release cannot be judged again: no assessment is kept (v7)');
    expect(out).toContain('v2 (2026-03-02) would have been blocked; it succeeded');
    expect(out).toContain('v3 (2026-03-03) would have been blocked; it needed a hotfix');
  });

  test('lists what differs from the recorded decisions', async () => {
    const { policy } = await resultOf(shop, '--policy', 'strict.yaml');

    expect(policy!.differing.map(({ version, recorded, judged }) => [version, recorded, judged])).toContainEqual([
      'v4',
      'BLOCKED',
      'APPROVED',
    ]);
    expect(policy!.summary.reduce((sum, { count }) => sum + count, 0)).toBe(policy!.differing.length);
  });

  test('fits the published schema', async () => {
    validate(json(await run(shop, '--policy', 'strict.yaml', '--json')));

    expect(validate.errors).toBeNull();
  });

  test.each([
    ['broken.yaml', 'AQE1003'],
    ['nowhere.yaml', 'AQE2012'],
  ])('of %s, which is no policy, is 2 and judges nothing', async (file, code) => {
    const result = await run(shop, '--policy', file);

    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain(code);
  });
});

describe('hostile names', () => {
  test('of releases and policies are text and nothing else, in every format', async () => {
    const shop = project({ history: 'none' });
    const assessed = await assessmentsOf(shop);
    const names = Object.values(hostileTexts).map((text) => text.toWellFormed());
    shop.write('strict.yaml', 'service: shop\ndeployment_gates:\n  mandatory_gates:\n    coverage: { min_line_coverage: 95, enforcement: BLOCKING }\n'); // prettier-ignore
    await recordAll(shop, {
      assessments: names
        .filter((_, index) => index % 2 === 0)
        .map((version, index) => ({
          ...assessed(version, '2026-02-20T00:00:00.000Z', [90, 100]),
          id: `a${index}`,
        })),
      outcomes: names.map((version, index) =>
        releaseOf(index + 1, index % 3 === 0 ? 'failed' : 'success', { version, deployment: `${version} ${index}` }),
      ),
    });

    const results = await Promise.all(
      ['text', 'json', 'svg'].map((format) => run(shop, '--policy', 'strict.yaml', '--format', format)),
    );

    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { out, err } of results) expect(unsafeIn(out + err)).toEqual([]);
    expect(results[0]!.out.split('\n').length).toBeGreaterThan(60);
  });
});
