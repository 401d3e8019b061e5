import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workspace } from '../../src/app/workspace.ts';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import { aqe, aqeWith, type CliOptions, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, reportPaths, type Project } from '../support/project.ts';

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

/** Noon of the day after the release's commit; reports are three hours old. */
const standing: Partial<Workspace> = {
  clock: { now: () => new Date('2026-01-02T12:00:00.000Z'), zoneAt: () => ({ name: 'Etc/UTC', offsetMinutes: 0 }) },
  identity: {
    ...systemIdentity,
    newId: () => '00000000-0000-4000-8000-000000000001',
    osUser: () => 'os user ada',
  },
};

let shop: Project;

/** A release with something of everything: a gate that fails, one without evidence, a warning, a report that is cut short. */
beforeAll(() => {
  shop = project({
    coverage: { lines: [84, 100], branches: [92, 100] },
    audit: { moderate: 2, low: 1 },
    load: { p95: 612, perSecond: 1800, failed: [30, 54_000] },
    lint: null,
    commitMessage: 'feat(cart): gift cards | <b>bold</b> @team',
  });
  shop.write('reports/junit-e2e.xml', '<testsuites><testsuite name="e2e"><testcase name="buys"/>');
  for (const path of [...Object.values(reportPaths), 'reports/junit-e2e.xml'])
    if (path !== reportPaths.lint) shop.touch(path, '2026-01-02T09:00:00.000Z');
});
afterAll(removeTemporaryFolders);

const assess = (flags: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  aqeWith(standing, shop.root, ['assess', '--version', 'v2.5.0', '--dry-run', ...flags], options);

describe('assess', () => {
  test.each([
    ['assess.golden.txt', []],
    ['assess-ascii.golden.txt', ['--ascii']],
    ['assess.golden.json', ['--format', 'json']],
    ['assess.golden.md', ['--format', 'markdown']],
  ])('prints %s', async (name, flags) => {
    const { code, out, err } = await assess(flags, { columns: 80 });

    expect({ code, err }).toEqual({
      code: 1,
      err: 'exit 1: blocked, or rolled back; with --strict also approved with warnings\n',
    });
    expect(out).not.toContain(shop.root);
    await expect(out).toMatchFileSnapshot(golden(name));
  });

  test('says the same on every run', async () => {
    const first = await assess(['--format', 'json']);

    const again = await assess(['--format', 'json']);

    expect(again).toEqual(first);
    expect(first.out).toContain('"decision": "BLOCKED"');
  });

  test('--help prints assess-help.golden.txt', async () => {
    const { out } = await aqe(shop.root, ['assess', '--help'], { columns: 80 });

    await expect(out).toMatchFileSnapshot(golden('assess-help.golden.txt'));
  });
});
