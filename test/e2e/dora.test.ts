import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Workspace } from '../../src/app/workspace.ts';
import { aqeWith, json } from '../support/cli.ts';
import { fencesOf } from '../support/docs.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project } from '../support/project.ts';
import { keep, recorded } from '../support/recorded-history.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/explain/dora.md', import.meta.url)), 'utf8');
const standing: Partial<Workspace> = {
  clock: { now: () => new Date('2026-03-31T12:00:00.000Z'), zoneAt: () => ({ name: 'Etc/UTC', offsetMinutes: 0 }) },
};

let shop: string;

/** The table of the page: version, deployed at, hours since the oldest commit, outcome, hours to recover, unplanned. */
beforeAll(async () => {
  shop = project({ history: 'none' }).root;
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| v'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const outcomes = rows.map(([, version = '', at = '', hours = '', outcome = '', recovered = '', planned = '']) => {
    const deployed = Date.parse(`${at.replace(' ', 'T')}:00Z`);
    const after = (each: string): string => new Date(deployed + Number(each) * 3_600_000).toISOString();
    return recorded(version, {
      deployedAt: new Date(deployed).toISOString(),
      outcome: outcome.split(' ')[0]!,
      basis: outcome.includes('inferred') ? 'inferred' : 'observed',
      facts: {
        ...(hours !== '' && { firstCommitAt: after(`-${hours}`) }),
        ...(recovered !== '' && { recoveredAt: after(recovered) }),
        unplanned: planned === 'no',
      },
    });
  });
  const elsewhere = [recorded('v1', { environment: 'staging', deployedAt: '2026-03-01T10:00:00.000Z' })];
  await keep(shop, { outcomes: [...outcomes, ...elsewhere] });
});
afterAll(removeTemporaryFolders);

test('the worked example of the page is what the command prints', async () => {
  const { code, out } = await aqeWith(standing, shop, ['dora'], { columns: 80 });

  const shown = fencesOf(page).filter(({ language }) => language === 'text');
  expect(code).toBe(0);
  expect(shown.map(({ text }) => text.trimEnd())).toEqual([out.trimEnd()]);
});

test.each([
  ['1 a day', 25],
  ['about one a day', 24],
  ['2 a day', 50],
  ['one every 2.5 days', 10],
])('deployments are %s', async (words, count) => {
  const { root } = project({ history: 'none' });
  const at = (index: number): string => new Date(Date.UTC(2026, 2, 30, 12) - index * 60_000).toISOString();
  const outcomes = Array.from({ length: count }, (_, index) => recorded(`v${index}`, { deployedAt: at(index) }));
  await keep(root, { outcomes });

  const { out } = await aqeWith(standing, root, ['dora', '--days', '25']);

  expect(out).toContain(`Frequency            ${words} (n = ${count})`);
});

test('JSON has every count that a figure was worked out from', async () => {
  const { out } = await aqeWith(standing, shop, ['dora', '--json']);

  expect(json({ out })).toEqual({
    schemaVersion: '1',
    environments: [
      {
        service: 'shop',
        environment: 'production',
        from: '2025-12-31T12:00:00.000Z',
        to: '2026-03-31T12:00:00.000Z',
        days: 90,
        n: 9,
        pending: 1,
        inferred: 1,
        future: 1,
        leadTime: {
          n: 8,
          medianHours: 27,
          p90Hours: 54,
          fromFirstCommit: 8,
          fromNewestCommit: 0,
          again: 0,
          unknown: 1,
        },
        deploymentFrequency: { n: 9, perDay: 0.1 },
        recoveryTime: { n: 2, medianHours: null, p90Hours: null, unknown: 1 },
        changeFailRate: {
          count: 3,
          n: 9,
          percent: 300 / 9,
          interval: [expect.closeTo(12.058, 3), expect.closeTo(64.58, 2)],
        },
        reworkRate: {
          count: 1,
          n: 9,
          percent: 100 / 9,
          interval: [expect.closeTo(1.989, 3), expect.closeTo(43.5, 3)],
          unknown: 0,
        },
      },
    ],
  });
});

test('--all-environments shows each by itself and never puts them together', async () => {
  const { out } = await aqeWith(standing, shop, ['dora', '--all-environments', '--json']);

  const { environments } = json<{
    readonly environments: readonly { readonly environment: string; readonly n: number }[];
  }>({ out });
  expect(environments.map(({ environment, n }) => `${environment} ${n}`)).toEqual(['production 9', 'staging 1']);
});
