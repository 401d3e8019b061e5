import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { junit, project, reportPaths, type Project } from '../support/project.ts';

/** Tests in the report outside: a number that no output may show. */
const foreignTests = 4711;

let shop: Project;
let outside: string;

beforeEach(() => {
  shop = project();
  outside = temporaryFolder();
  mkdirSync(join(outside, 'reports'));
  writeFileSync(join(outside, 'reports/junit.xml'), junit({ passed: foreignTests }));
  rmSync(join(shop.root, reportPaths.tests));
});
afterAll(removeTemporaryFolders);

/** Ways to a report outside of the project; each gives the path under which it would be reached. */
const ways: Readonly<Record<string, () => string>> = {
  'a link to a file': () => {
    symlinkSync(join(outside, 'reports/junit.xml'), join(shop.root, reportPaths.tests));
    return reportPaths.tests;
  },
  'a relative link to a file': () => {
    symlinkSync(join('../..', basename(outside), 'reports/junit.xml'), join(shop.root, reportPaths.tests));
    return reportPaths.tests;
  },
  'a link to a folder': () => {
    symlinkSync(join(outside, 'reports'), join(shop.root, 'test-results'));
    return 'test-results/junit.xml';
  },
  'a link to a link': () => {
    symlinkSync(outside, join(shop.root, 'reports/out'));
    symlinkSync('out/reports/junit.xml', join(shop.root, reportPaths.tests));
    return reportPaths.tests;
  },
  'a path that climbs': () => `../${basename(outside)}/reports/junit.xml`,
  'a path that climbs from within': () => `reports/../../${basename(outside)}/reports/junit.xml`,
  'an absolute path': () => join(outside, 'reports/junit.xml'),
};

function expectNothingOf(result: CliResult): void {
  expect(result.out + result.err).not.toContain(String(foreignTests));
}

describe.each(Object.entries(ways))('%s out of the project', (_, make) => {
  test('is refused when it is named', async () => {
    const path = make();

    const result = await aqe(shop.root, ['deploy', 'evidence', path, '--format', 'json']);

    expect(result.out).toContain('AQE2008');
    expectNothingOf(result);
  });

  test('is no evidence of an assessment, whether it is found or expected by the config', async () => {
    const path = make();
    shop.write(
      'aqe-deploy.yaml',
      `service: shop\nevidence:\n  files: [{ path: ${JSON.stringify(path)}, format: junit }]\n`,
    );

    const result = await aqe(shop.root, ['deploy', 'assess', '--version', 'HEAD', '--dry-run', '--json']);

    expect(result.code).toBe(3);
    expect(json<{ readonly decision: string }>(result).decision).toBe('INCONCLUSIVE');
    expectNothingOf(result);
  });
});

test('the same report inside is read: what is refused above is refused for its place', async () => {
  shop.write(reportPaths.tests, junit({ passed: foreignTests }));

  const result = await aqe(shop.root, ['deploy', 'evidence', '--format', 'json']);

  expect(JSON.stringify(json(result))).toContain(String(foreignTests));
});
