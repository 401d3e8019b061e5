import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { aqe } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const gate = (limits: string): string =>
  `service: shop\ndeployment_gates:\n  mandatory_gates:\n    outlook: { ${limits}, enforcement: BLOCKING }\n`;

async function record(shop: Project, outcomes: readonly string[]): Promise<void> {
  for (const [index, outcome] of outcomes.entries()) {
    const at = new Date(Date.now() - (outcomes.length - index) * 86_400_000).toISOString();
    const said = await aqe(shop.root, ['record', '--version', `v1.${index}.0`, '--outcome', outcome, '--at', at]);
    expect(said).toMatchObject({ code: 0 });
  }
}

async function assessed(shop: Project, ...flags: readonly string[]): Promise<Assessment & { readonly code: number }> {
  const { out, code } = await aqe(shop.root, ['assess', '--version', 'v2.5.0', '--format', 'json', ...flags]);
  return { ...(JSON.parse(out) as Assessment), code };
}

const mostly = ['success', 'success', 'rolled-back', 'success', 'success', 'failed', 'success'];

describe('a gate on what became of earlier releases', () => {
  test.each([
    ['max_rollback_probability: 90', mostly, 'APPROVED', 0],
    ['max_rollback_probability: 0.5', mostly, 'BLOCKED', 1],
    ['min_confidence_lower_bound: 1', mostly, 'APPROVED', 0],
    ['min_confidence_lower_bound: 99', mostly, 'BLOCKED', 1],
    ['max_failure_rate_percent: 50', mostly, 'APPROVED', 0],
    ['max_failure_rate_percent: 20', mostly, 'BLOCKED', 1],
    ['max_rollback_probability: 90', mostly.slice(0, 4), 'INCONCLUSIVE', 3],
    ['min_confidence_lower_bound: 1', [], 'INCONCLUSIVE', 3],
  ])('%s after %j gives %s', async (limits, outcomes, decision, code) => {
    const shop = project({ config: `${gate(limits)}risk:\n  metrics:\n    mttr: { prior: 0 }\n` });
    await record(shop, outcomes);

    const found = await assessed(shop);

    const [only] = found.gates.gateResults;
    expect(only?.outcome).toBe({ APPROVED: 'pass', BLOCKED: 'fail', INCONCLUSIVE: 'no-evidence' }[decision]);
    if (decision !== 'APPROVED') expect(found).toMatchObject({ decision, code });
    expect(found.confidence.learnedFrom.deployments).toBe(outcomes.length);
  });
});

test('an outcome is learned from with the features that its release was assessed by', async () => {
  const shop = project();
  const before = await assessed(shop);
  await aqe(shop.root, ['record', '--version', 'v2.5.0', '--outcome', 'success']);

  const { out } = await aqe(shop.root, ['history', '--format', 'json']);

  expect(before.rollbackPrediction.features).toMatchObject({ test_coverage: 96, failed_tests: 0, vulnerabilities: 0 });
  const { deployments } = JSON.parse(out) as { deployments: readonly object[] };
  expect(deployments).toMatchObject([{ version: 'v2.5.0', outcome: 'success', decision: before.decision }]);
});

test('a release is not compared with itself', async () => {
  const shop = project();
  await aqe(shop.root, ['record', '--version', 'v2.5.0', '--outcome', 'rolled-back']);

  const { rollbackPrediction } = await assessed(shop);

  expect(rollbackPrediction.features).not.toHaveProperty('days_since_deployment');
  expect(rollbackPrediction.historicalComparison.similar).toEqual([]);
});

test('a dry run learns and keeps no model; the decision names what it learned from', async () => {
  const shop = project();
  const none = await assessed(shop, '--dry-run');
  await record(shop, ['success', 'failed']);

  const some = await assessed(shop, '--dry-run');
  const again = await assessed(shop, '--dry-run');

  expect(some.confidence.learnedFrom).toMatchObject({ deployments: 2, failures: 1, shows: 'model' });
  expect(some.confidence.learnedFrom.trainingDigest).not.toBe(none.confidence.learnedFrom.trainingDigest);
  expect(again.confidence.learnedFrom).toEqual(some.confidence.learnedFrom);
  expect(some.decisionDigest).not.toBe(none.decisionDigest);
});

test('text, markdown, risk and report say where the figures come from', async () => {
  const shop = project();
  await record(shop, mostly);

  const pages = await Promise.all([
    aqe(shop.root, ['assess', '--version', 'v2.5.0', '--dry-run']),
    aqe(shop.root, ['assess', '--version', 'v2.5.0', '--dry-run', '--format', 'markdown']),
    aqe(shop.root, ['risk', '--version', 'v2.5.0']),
    aqe(shop.root, ['report', '--version', 'v2.5.0', '--format', 'markdown']),
    aqe(shop.root, ['confidence', '--version', 'v2.5.0']),
  ]);

  for (const { out } of pages) expect(out.replace(/\s+/g, ' ')).toContain('of 7 deployments, 2 failed');
});

test('confidence prints the shape of a confidence report', async () => {
  const shop = project();
  await record(shop, mostly);

  const { out } = await aqe(shop.root, ['confidence', '--version', 'v2.5.0', '--format', 'json']);

  expect(JSON.parse(out)).toMatchObject({
    releaseId: 'v2.5.0',
    confidence: {
      score: expect.any(Number),
      level: expect.any(String),
      confidenceInterval: [expect.any(Number), expect.any(Number)],
      certainty: 'LOW',
    },
    basedOn: { historicalDeployments: 7, similarReleases: 0, timeWindow: 'last_730_days' },
    comparisonToBaseline: { averageSuccessRate: expect.closeTo(500 / 7, 9) },
    recommendation: expect.any(String),
  });
});
