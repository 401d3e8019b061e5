import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workspace } from '../../src/app/workspace.ts';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import type { Comparison } from '../../src/core/compare/compare-releases.ts';
import { aqeWith, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { good, project, reportPaths, reportsOf, type Project, type ProjectShape } from '../support/project.ts';

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
let ids = 0;
const standing = (day: number): Partial<Workspace> => ({
  clock: {
    now: () => new Date(Date.UTC(2026, 0, day, 12)),
    zoneAt: () => ({ name: 'Etc/UTC', offsetMinutes: 0 }),
  },
  identity: { ...systemIdentity, newId: () => `id-${(ids += 1)}`, osUser: () => 'os user ada' },
});

let shop: Project;

/** Assesses a version on what the reports say on that day. */
async function assess(version: string, day: number, shape: Partial<ProjectShape>): Promise<void> {
  for (const path of Object.values(reportPaths)) {
    const text = reportsOf({ ...good, ...shape })[path];
    if (text === undefined) shop.remove(path);
    else {
      shop.write(path, text);
      shop.touch(path, `2026-01-0${day}T09:00:00.000Z`);
    }
  }
  const { code, err } = await aqeWith(standing(day), shop.root, ['assess', '--version', version]);
  if (code === 2) throw new Error(err);
}

beforeAll(async () => {
  shop = project();
  await assess('v2.4.0', 2, {});
  await assess('v2.5.0', 3, {
    coverage: { lines: [84, 100], branches: [92, 100] },
    audit: { critical: 2 },
    load: { p95: 120, perSecond: 2400, failed: [3, 72_000] },
    lint: null,
  });
});
afterAll(removeTemporaryFolders);

const compare = (flags: readonly string[]): Promise<CliResult> =>
  aqeWith(standing(4), shop.root, ['compare', '--baseline', 'v2.4.0', '--candidate', 'v2.5.0', ...flags]);

describe('compare', () => {
  test.each([
    ['compare.golden.txt', []],
    ['compare-ascii.golden.txt', ['--ascii']],
    ['compare.golden.md', ['--format', 'markdown']],
  ])('prints %s', async (name, flags) => {
    const { code, out, err } = await compare(flags);

    expect({ code, err }).toEqual({ code: 0, err: 'exit 0: approved, or the command did its work\n' });
    expect(out.split('\n').filter((line) => name.endsWith('txt') && [...line].length > 80)).toEqual([]);
    await expect(out).toMatchFileSnapshot(golden(name));
  });

  test('puts what closes a gate before what only moved, and never calls missing better', async () => {
    const { out } = await compare(['--json']);

    const { gates, signals, risk, policiesDiffer, ...rest } = json<Comparison>({ out });
    const named = (change: string): readonly string[] =>
      signals.filter((each) => each.change === change).map(({ metric }) => metric);
    expect(gates.filter(({ change }) => change === 'closed').map(({ gate }) => gate)).toEqual([
      'code_quality',
      'test_coverage',
      'security',
    ]);
    expect(named('worse').slice(0, 3)).toEqual(['line_coverage', 'critical_vulnerabilities', 'severity_score']);
    expect(signals[0]!.closes).toHaveLength(1);
    expect(named('better')).toContain('response_time');
    expect(named('better')).not.toContain('code_smells');
    expect(named('only-baseline')).toEqual(expect.arrayContaining(['maintainability', 'code_smells']));
    expect(risk!.points).toBeGreaterThan(0);
    expect(policiesDiffer).toBe(false);
    expect(Object.keys(rest).sort()).toEqual(
      ['baseline', 'candidate', 'confidence', 'environment', 'rollback', 'schemaVersion', 'service'].sort(),
    );
  });

  test.each([
    [['--baseline', 'v9', '--candidate', 'v2.5.0'], 'v9'],
    [['--baseline', 'v2.4.0', '--candidate', 'v8'], 'v8'],
    [['--baseline', 'v2.4.0', '--candidate', 'v2.5.0', '--environment', 'staging'], 'v2.4.0'],
  ])('%j names the release that was never assessed, and the command that does it', async (flags, version) => {
    const { code, out, err } = await aqeWith(standing(4), shop.root, ['compare', ...flags]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AQE2016');
    expect(err).toContain(`${version} of shop in`);
    expect(err.replace(/\s+/g, ' ')).toContain('aqe deploy assess --version VERSION');
  });
});
