import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { junit, project, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const otherCommit = 'feedface'.repeat(5);
const recordOf = ({ evidence }: Assessment, path: string): Assessment['evidence'][number] | undefined =>
  evidence.find((record) => record.path === path);

async function assess({ root }: Project): Promise<{ readonly code: number; readonly assessment: Assessment }> {
  const result = await aqe(root, ['deploy', 'assess', '--version', 'v2.5.0', '--format', 'json', '--dry-run']);
  return { code: result.code, assessment: json<Assessment>(result) };
}

const stamp = ({ root }: Project, ...files: readonly string[]): Promise<CliResult> =>
  aqe(root, ['deploy', 'evidence', 'stamp', ...files]);

/** A JUnit report in which a property names the commit that was tested. */
const junitOf = (commit: string): string =>
  junit({ passed: 3 }).replace(
    /(<testsuite name="shop"[^>]*>)/,
    `$1<properties><property name="git.commit" value="${commit}"/></properties>`,
  );

describe('a stale report makes the gate INCONCLUSIVE, exit 3, and the page says stale', () => {
  test.each([
    ['written before the release was committed', '2025-12-31T00:00:00Z', /written before the release's commit/],
    ['older than the limit of 7 days', '2026-02-01T00:00:00Z', /old, the limit is 7d/],
    ['dated in the future', '2100-01-01T00:00:00Z', /dated in the future/],
  ])('when it was %s', async (_, time, reason) => {
    const shop = project();
    shop.touch(reportPaths.tests, time);

    const { code, assessment } = await assess(shop);
    const page = await aqe(shop.root, ['deploy', 'assess', '--version', 'v2.5.0', '--dry-run']);

    expect(code).toBe(3);
    expect(recordOf(assessment, reportPaths.tests)).toMatchObject({
      state: 'stale',
      reason: expect.stringMatching(reason),
    });
    expect(page.out).toContain(`${reportPaths.tests}: stale`);
  });

  test('when it names another commit', async () => {
    const shop = project();
    shop.write(reportPaths.tests, junitOf(otherCommit));

    const { code, assessment } = await assess(shop);

    expect(code).toBe(3);
    expect(recordOf(assessment, reportPaths.tests)).toMatchObject({
      state: 'stale',
      boundBy: 'report',
      reason: expect.stringContaining('belongs to commit feedfacef'),
    });
  });

  test('when its sidecar is of another commit with other sources', async () => {
    const shop = project();
    await stamp(shop, reportPaths.tests);
    shop.write('src/late.ts', 'export const late = true;\n');
    shop.repository.commit('feat: late');

    const { code, assessment } = await assess(shop);

    expect(code).toBe(3);
    expect(recordOf(assessment, reportPaths.tests)).toMatchObject({ state: 'stale', boundBy: 'sidecar' });
  });

  test('when it is kept in git and came with an earlier commit', async () => {
    const shop = project({ tests: null });
    shop.write('test-results.xml', junit({ passed: 3 }));
    shop.repository.commit('test: results');
    shop.write('src/late.ts', 'export const late = true;\n');
    shop.repository.commit('feat: late');

    const { code, assessment } = await assess(shop);

    expect(code).toBe(3);
    expect(recordOf(assessment, 'test-results.xml')).toMatchObject({ state: 'stale', boundBy: 'history' });
  });
});

describe('a report counts', () => {
  test('when it names the commit of the release', async () => {
    const shop = project();
    shop.write(reportPaths.tests, junitOf(shop.repository.head));

    const { code, assessment } = await assess(shop);

    expect(code).toBe(0);
    expect(recordOf(assessment, reportPaths.tests)).toMatchObject({ state: 'measured', boundBy: 'report' });
  });

  test('when it is stamped for the commit, however old its file time makes it look', async () => {
    const shop = project();
    await stamp(shop, ...Object.values(reportPaths));
    for (const path of Object.values(reportPaths)) shop.touch(path, '2020-01-01T00:00:00Z');

    const { code, assessment } = await assess(shop);

    expect(code).toBe(0);
    expect(new Set(assessment.evidence.map(({ boundBy }) => boundBy))).toEqual(new Set(['sidecar']));
  });

  test('when it is stamped for a commit of the same sources under another name', async () => {
    const shop = project();
    await stamp(shop, ...Object.values(reportPaths));
    shop.repository.git('commit', '--quiet', '--amend', '--no-edit', '--reset-author');

    const { code, assessment } = await assess(shop);

    expect(code).toBe(0);
    expect(recordOf(assessment, reportPaths.tests)).toMatchObject({ state: 'measured', boundBy: 'sources' });
  });
});

describe('evidence stamp', () => {
  test('writes a sidecar with commit, digests and sizes, and says so', async () => {
    const shop = project();

    const { code, out } = await stamp(shop, reportPaths.tests, reportPaths.coverage);

    const sidecar = JSON.parse(readFileSync(join(shop.root, 'reports/aqe-evidence.json'), 'utf8')) as object;
    expect(code).toBe(0);
    expect(out).toBe(`reports/aqe-evidence.json: 2 reports of commit ${shop.repository.head}\n`);
    expect(sidecar).toMatchObject({
      schemaVersion: 1,
      commit: shop.repository.head,
      files: [
        { path: 'junit.xml', format: 'junit', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { path: 'lcov.info', format: 'lcov', bytes: expect.any(Number) },
      ],
    });
  });

  test('no longer binds a report that was changed after it, and the report is stale', async () => {
    const shop = project();
    await stamp(shop, reportPaths.tests);
    shop.write(reportPaths.tests, junit({ passed: 500 }));

    const { code, assessment } = await assess(shop);

    expect(code).toBe(3);
    expect(recordOf(assessment, reportPaths.tests)).toMatchObject({
      state: 'stale',
      commit: null,
      boundBy: 'none',
      reason: 'changed since it was stamped in reports/aqe-evidence.json; stamp it again',
    });
  });

  test('makes a report missing that does not arrive', async () => {
    const shop = project();
    await stamp(shop, reportPaths.tests, reportPaths.coverage);
    shop.remove(reportPaths.coverage);

    const { code, assessment } = await assess(shop);

    expect(code).toBe(3);
    expect(recordOf(assessment, reportPaths.coverage)).toMatchObject({ state: 'missing', format: 'lcov' });
  });

  test('refuses a work tree that differs from the commit', async () => {
    const shop = project();
    shop.write('src/shop.ts', 'export const changed = true;\n');

    const { code, out, err } = await stamp(shop, reportPaths.tests);

    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('AQE2010');
    expect(err).toContain('src/shop.ts');
  });

  test.each([
    ['a file that is no report', 'package.json', 'AQE2004', 3],
    ['a file that is not there', 'reports/none.xml', 'AQE2008', 3],
    ['a file outside the project', '/etc/passwd', 'AQE2008', 3],
    ['a folder', 'reports', 'AQE2008', 3],
  ])('refuses %s', async (_, path, expected, status) => {
    const { code, out, err } = await stamp(project(), path);

    expect({ code, out }).toEqual({ code: status, out: '' });
    expect(err).toContain(expected);
    expect(err).not.toContain('root:');
  });

  test('refuses a project without commits', async () => {
    const { code, err } = await stamp(project({ history: 'none' }), reportPaths.tests);

    expect(code).toBe(2);
    expect(err).toContain('AQE2011');
  });

  test('refuses to write its sidecar where the reports do not lie below', async () => {
    const { root } = project();

    const { code, err } = await aqe(root, [
      'deploy',
      'evidence',
      'stamp',
      reportPaths.tests,
      '--output',
      '../out.json',
    ]);

    expect(code).toBe(3);
    expect(err).toContain("does not lie below the sidecar's folder");
  });

  test('leaves out the sidecar of the last time, which `reports/*` names too', async () => {
    const shop = project();
    await stamp(shop, reportPaths.tests);

    const again = await stamp(shop, 'reports/aqe-evidence.json', reportPaths.tests);
    const alone = await stamp(shop, 'reports/aqe-evidence.json');

    expect(again.out).toContain('reports/aqe-evidence.json: 1 report of commit');
    expect(alone.err).toContain('no report is named, only a sidecar');
  });

  test('takes paths relative to where it is called', async () => {
    const shop = project();

    const { code, out } = await aqe(join(shop.root, 'reports'), ['deploy', 'evidence', 'stamp', 'junit.xml']);

    expect(code).toBe(0);
    expect(out).toContain('reports/aqe-evidence.json: 1 report of commit');
  });
});

test('a sidecar that is broken is said, and its reports are bound as if it were not there', async () => {
  const shop = project();
  shop.write('reports/aqe-evidence.json', '{"schemaVersion": 9}');

  const { assessment } = await assess(shop);

  expect(assessment.ignored).toEqual([
    { path: 'reports/aqe-evidence.json', reason: expect.stringContaining('schemaVersion') },
  ]);
  expect(recordOf(assessment, reportPaths.tests)).toMatchObject({ boundBy: 'file-time' });
});
