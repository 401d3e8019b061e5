import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SaxesParser } from 'saxes';
import type { Workspace } from '../../src/app/workspace.ts';
import { aqe, aqeWith, json, type CliOptions, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project } from '../support/project.ts';
import { assessed, keep, recorded } from '../support/recorded-history.ts';

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
const standing: Partial<Workspace> = {
  clock: { now: () => new Date('2026-03-31T12:00:00.000Z'), zoneAt: () => ({ name: 'Etc/UTC', offsetMinutes: 0 }) },
};
// oxlint-disable-next-line no-control-regex
const colour = /\u001b\[\d+m/g;

const open = { shadow: null, approvals: { emergency: null }, gates: { gateResults: [] } };
const predicted = (risk: number, success: number, rollback: number): object => ({
  risk: { overallRisk: risk },
  confidence: { score: success },
  rollbackPrediction: { probability: rollback },
});
const overridden = [{ gate: 'security', overridden: { people: ['cyd'], justification: 'x', until: 'y' } }];

let shop: string;

/** Ten weeks: what was approved and failed, blocked and fine, opened by people, in shadow, guessed, pending and in the future. */
beforeAll(async () => {
  shop = project({ history: 'none' }).root;
  const at = (day: string): { deployedAt: string } => ({ deployedAt: `2026-${day}T10:00:00.000Z` });
  const before = (day: string): { createdAt: string } => ({ createdAt: `2026-${day}T09:00:00.000Z` });
  const approved = { decision: 'APPROVED', ...open };
  const blocked = { decision: 'BLOCKED', ...open };
  const january = ['05', '06', '07', '08', '09', '10'].map((day) => `01-${day}`);
  await keep(shop, {
    assessments: [
      ...january.map((day, index) =>
        assessed(`v1.${index}`, { ...approved, ...predicted(8 + index, 95, 1.5) }, before(day)),
      ),
      assessed('v2.0', blocked, before('01-20')),
      assessed('v2.1', { ...approved, shadow: { decision: 'BLOCKED', status: 'BLOCKED' } }, before('02-02')),
      assessed('v2.2', { ...approved, gates: { gateResults: overridden } }, before('02-03')),
      assessed('v2.3', { ...approved, approvals: { emergency: { opened: { people: ['cto'] } } } }, before('02-10')),
      assessed('v2.4', { decision: 'INCONCLUSIVE', ...open }, before('02-11')),
      assessed('v2.5', blocked, before('03-01')),
      assessed('v2.6', { ...approved, ...predicted(12.34, 91.2, 4.56) }, before('03-09')),
    ],
    outcomes: [
      ...january.map((day, index) =>
        recorded(`v1.${index}`, {
          ...at(day),
          ...(index === 2 && { outcome: 'rolled-back', reason: 'orders were lost' }),
        }),
      ),
      recorded('v2.0', at('01-20')),
      recorded('v2.1', { ...at('02-02'), outcome: 'failed' }),
      recorded('v2.2', { ...at('02-03'), outcome: 'hotfixed', facts: { unplanned: true } }),
      recorded('v2.3', at('02-10')),
      recorded('v2.4', at('02-11')),
      recorded('v2.4.1', { ...at('02-12'), basis: 'inferred', source: 'git-tags', outcome: 'rolled-back' }),
      recorded('v2.6', { ...at('03-09'), outcome: 'pending' }),
      recorded('v2.7', { ...at('03-10'), facts: { decision: 'BLOCKED' } }),
      recorded('v9', at('12-24')),
      recorded('v0.1', { deployedAt: '2025-06-01T10:00:00.000Z' }),
    ],
  });
});
afterAll(removeTemporaryFolders);

const show = (argv: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  aqeWith(standing, shop, argv, options);

describe('history', () => {
  test.each([
    ['history.golden.txt', []],
    ['history-ascii.golden.txt', ['--ascii']],
    ['history-chart.golden.txt', ['--format', 'chart']],
    ['history-chart-ascii.golden.txt', ['--format', 'chart', '--ascii']],
    ['history.golden.svg', ['--format', 'svg']],
  ])('prints %s', async (name, flags) => {
    const { code, out, err } = await show(['history', ...flags], { columns: 80 });

    expect({ code, err }).toEqual({ code: 0, err: 'exit 0: approved, or the command did its work\n' });
    await expect(out).toMatchFileSnapshot(golden(name));
  });

  test('counts every deployment of the window once, and neither guesses nor the future in a share', async () => {
    const { out } = await show(['history', '--json']);

    const { counts, deployed, falsePass, falseBlock, trueBlock, blockedForGood, regret, future } = json<History>({
      out,
    });
    expect(counts).toEqual({
      approved: { succeeded: 5, failed: 1, pending: 1, inferred: 0 },
      opened: { succeeded: 1, failed: 1, pending: 0, inferred: 0 },
      blocked: { succeeded: 2, failed: 1, pending: 0, inferred: 0 },
      undecided: { succeeded: 1, failed: 0, pending: 0, inferred: 0 },
      unknown: { succeeded: 0, failed: 0, pending: 0, inferred: 1 },
    });
    expect(deployed).toBe(14);
    expect(falsePass).toMatchObject({ count: 1, n: 6, percent: 100 / 6 });
    expect(falseBlock).toEqual({ count: 2, n: 3, percent: null, interval: null });
    expect(trueBlock).toEqual({ count: 1, n: 3, percent: null, interval: null });
    expect(blockedForGood).toEqual(['v2.5']);
    expect(regret.opened).toEqual({ count: 1, n: 2, percent: null, interval: null });
    expect(regret.others).toMatchObject({ count: 2, n: 10, percent: 20 });
    expect(future.map(({ version }) => version)).toEqual(['v9']);
  });

  test('JSON has for each deployment what was decided and predicted', async () => {
    const { out } = await show(['history', '--json', '--limit', '3']);

    const history = json<History & { readonly deployments: readonly object[] }>({ out });
    expect(Object.keys(history).sort()).toEqual(
      'assessmentsFrom blockedForGood counts days deployed deployments environment falseBlock falsePass from future regret schemaVersion service to trend trueBlock'.split(
        ' ',
      ),
    );
    expect(history.deployments).toHaveLength(3);
    expect(history.deployments[1]).toEqual({
      deployment: 'v2.6',
      version: 'v2.6',
      deployedAt: '2026-03-09T10:00:00.000Z',
      outcome: 'pending',
      basis: 'observed',
      reason: '',
      weight: 'pending',
      decision: 'APPROVED',
      standing: 'approved',
      assessment: {
        version: 'v2.6',
        createdAt: '2026-03-09T09:00:00.000Z',
        decision: 'APPROVED',
        wouldBe: null,
        riskScore: 12.34,
        failureProbability: 100 - 91.2,
        rollbackProbability: 4.56,
        overridden: [],
        emergency: false,
      },
    });
  });

  test('--output FILE.svg writes a picture, also with --format chart', async () => {
    const { code, err } = await show(['history', '--format', 'chart', '--output', 'history.svg']);

    const svg = readFileSync(join(shop, 'history.svg'), 'utf8');
    expect({ code, err }).toEqual({
      code: 0,
      err: 'wrote history.svg\nexit 0: approved, or the command did its work\n',
    });
    expect(elementsOf(svg).slice(0, 3)).toEqual(['svg', 'title', 'desc']);
  });

  test('the chart in colour is the chart without', async () => {
    const terminal = await show(['history', '--format', 'chart'], { isTTY: true });
    const pipe = await show(['history', '--format', 'chart']);

    expect(terminal.out).toMatch(colour);
    expect(terminal.out.replace(colour, '')).toBe(pipe.out);
  });

  test.each([[80], [100], [60]])('fits %i columns', async (columns) => {
    for (const format of ['table', 'chart']) {
      const { out } = await show(['history', '--format', format], { columns });

      expect(out.split('\n').filter((line) => [...line].length > columns)).toEqual([]);
    }
  });

  test.each([['0'], ['-1'], ['1.5'], ['9999999'], ['ninety']])('refuses --days=%s', async (days) => {
    const { code, err } = await show(['history', `--days=${days}`]);

    expect({ code, named: err.includes('AQE1002') }).toEqual({ code: 2, named: true });
  });
});

test('a project without outcomes has an empty history, and no share of nothing', async () => {
  const { root } = project({ history: 'none' });

  const table = await aqe(root, ['deploy', 'history']);
  const chart = await aqe(root, ['deploy', 'history', '--format', 'chart']);
  const svg = await aqe(root, ['deploy', 'history', '--format', 'svg']);
  const dora = await aqe(root, ['deploy', 'dora', '--all-environments']);

  expect([table.code, chart.code, svg.code, dora.code]).toEqual([0, 0, 0, 0]);
  expect(table.out).toContain('Approved, failed (false pass): 0 of 0, no share: it needs 5');
  expect(chart.out).toContain('no deployment in this time');
  expect(elementsOf(svg.out)[0]).toBe('svg');
  expect(dora.out).toContain('no deployment of this service is recorded');
  for (const { out } of [table, dora])
    expect(out.replace(/\s+/g, ' ')).toContain('aqe deploy record and aqe deploy history import');
});

describe('names and reasons that are hostile', () => {
  const version = `v1\u001b[2J\u202e<script>alert(1)</script>|*x*"'&\uffff${'A'.repeat(3000)}`;
  let hostile: string;

  beforeAll(async () => {
    hostile = project({ history: 'none', config: `service: ${JSON.stringify('shop <script> & "x"')}\n` }).root;
    const service = 'shop <script> & "x"';
    const over = { service, createdAt: '2026-03-01T09:00:00.000Z' };
    await keep(hostile, {
      assessments: [
        assessed(version, { decision: version, ...open }, over),
        assessed(`${version}2`, { decision: 'BLOCKED', ...open }, over),
      ],
      outcomes: [
        recorded(version, {
          service,
          deployment: `${version}1`,
          reason: version,
          deployedAt: '2026-03-02T10:00:00.000Z',
          facts: { decision: version },
        }),
        recorded(`${version}3`, {
          service,
          deployment: version,
          reason: version,
          deployedAt: '2027-01-01T10:00:00.000Z',
        }),
      ],
    });
  });

  test.each([
    [['history']],
    [['history', '--format', 'chart']],
    [['history', '--format', 'svg']],
    [['history', '--json']],
    [['dora', '--all-environments']],
    [['dora', '--json']],
    [['compare', '--baseline', version, '--candidate', `${version}2`]],
    [['compare', '--baseline', version, '--candidate', `${version}2`, '--format', 'markdown']],
    [['compare', '--baseline', version, '--candidate', `${version}2`, '--json']],
    [['compare', '--baseline', version, '--candidate', `${version}4`]],
  ])('are encoded, case %#', async (argv) => {
    const { out, err } = await aqeWith(standing, hostile, argv);

    // oxlint-disable-next-line no-control-regex
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    if (argv.includes('svg') || argv.includes('markdown')) expect(out).not.toContain('<script>');
    if (argv.includes('svg')) expect(elementsOf(out)).not.toContain('script');
    if (argv.includes('--json')) expect(json({ out })).toMatchObject({ schemaVersion: '1' });
    if (argv.length === 1) expect(out.length).toBeLessThan(5000);
  });
});

interface Counted {
  readonly count: number;
  readonly n: number;
}
interface History {
  readonly counts: object;
  readonly deployed: number;
  readonly falsePass: Counted;
  readonly falseBlock: Counted;
  readonly trueBlock: Counted;
  readonly blockedForGood: readonly string[];
  readonly regret: { readonly opened: Counted; readonly others: Counted };
  readonly future: readonly { readonly version: string }[];
}

/** Names of the elements in order. Throws for what is not well-formed. */
function elementsOf(xml: string): readonly string[] {
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => names.push(name));
  parser.write(xml).close();
  return names;
}
