import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { aqe, aqeProcess, json } from '../support/cli.ts';
import {
  gitTestEnvironment,
  GitRepository,
  removeTemporaryFolders,
  temporaryFolder,
} from '../support/git-repository.ts';
import { emptyProject, project, reportPaths, reportsOf, good } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const assess = (root: string) => aqe(root, ['deploy', 'assess', '--version', 'v2.5.0', '--json', '--dry-run']);

describe('git', () => {
  test('that is not installed is one clear error and 2 where there is a repository', () => {
    const { root } = project();

    const { code, out, err } = aqeProcess(root, ['deploy', 'assess', '--version', 'v2.5.0'], { PATH: '/nonexistent' });

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error AQE2011: Git history cannot be read: git is not/);
    expect(err.match(/error/g)).toHaveLength(1);
  });

  test('is never taken from the project that is looked at', () => {
    const shop = project();
    shop.write('git', '#!/bin/sh\ntouch started\n');
    chmodSync(join(shop.root, 'git'), 0o755);

    const { code, err } = aqeProcess(shop.root, ['deploy', 'assess', '--version', 'v2.5.0'], { PATH: '.:' });

    expect(code).toBe(2);
    expect(err).toContain('AQE2011');
    expect(() => execFileSync('ls', ['started'], { cwd: shop.root, stdio: 'pipe' })).toThrow('started');
  });

  test('that knows no repository here leaves evidence unbound and the change unknown', async () => {
    const { root } = project({ history: 'none' });

    const { assessment, code } = await assessed(root);

    expect([0, 3, 4]).toContain(code);
    expect(assessment.change).toBeNull();
    expect(new Set(assessment.evidence.map(({ boundBy }) => boundBy))).toEqual(new Set(['none']));
    expect(assessment.signals.change_size).toMatchObject({ state: 'missing' });
  });

  test('with a repository without commits is the same', async () => {
    const { root } = project({ history: 'none' });
    execFileSync('git', ['init', '--quiet', root], { env: gitTestEnvironment() });

    const { assessment, code } = await assessed(root);

    expect([0, 3, 4]).toContain(code);
    expect(assessment.change).toBeNull();
  });

  test('with a shallow clone knows no change and does not take it for a first release', async () => {
    const { root } = project();
    const clone = join(temporaryFolder(), 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth=1', '--no-tags', `file://${root}`, clone], {
      env: gitTestEnvironment(),
    });
    for (const [path, text] of Object.entries(reportsOf(good))) {
      mkdirSync(join(clone, 'reports'), { recursive: true });
      writeFileSync(join(clone, path), text);
    }

    const { assessment } = await assessed(clone);
    const doctor = await aqe(clone, ['doctor']);

    expect(assessment.change).toMatchObject({ historyComplete: false, baseline: null });
    expect(assessment.signals.change_size).toMatchObject({ state: 'missing' });
    expect(doctor.code).toBe(0);
    expect(doctor.out).toContain('⚠ git:');
  });

  test('with a broken repository is one error of git and 2', async () => {
    const shop = project();
    shop.write('.git/HEAD', 'garbage');

    const { code, out, err } = await assess(shop.root);

    expect([2, 3]).toContain(code);
    if (code === 2) expect({ out, error: err.includes('AQE2011') }).toEqual({ out: '', error: true });
  });
});

describe('a project below the root of a repository', () => {
  test('is judged by its own files, from any folder in it', async () => {
    const repository = new GitRepository();
    repository.write('packages/cart/aqe-deploy.yaml', 'service: cart\n');
    repository.write('packages/cart/src/a.ts', 'export const a = 1;\n');
    repository.write('packages/other/reports/junit.xml', '<testsuite name="cut">');
    repository.commit('feat: two packages');

    const { assessment } = await assessed(join(repository.root, 'packages/cart/src'));

    expect(assessment.service).toBe('cart');
    expect(assessment.evidence).toEqual([]);
    expect(assessment.change).toMatchObject({ projectFiles: 2 });
  });
});

describe('evidence outside what may be read', () => {
  test.each([['/etc/passwd'], ['../../../../etc/passwd'], ['/dev/zero'], ['/proc/self/environ'], ['.git/config']])(
    '%s shows nothing of itself',
    async (path) => {
      const { code, out, err } = await aqe(project().root, ['deploy', 'evidence', path, '--json']);

      expect([2, 3]).toContain(code);
      expect(out + err).not.toMatch(/root:|PATH=|repositoryformatversion/);
    },
  );

  test('a link out of the project is not followed', async () => {
    const shop = project();
    const secret = emptyProject();
    secret.write('junit.xml', '<testsuite name="secret"><testcase name="secret"/></testsuite>');
    execFileSync('ln', ['-s', join(secret.root, 'junit.xml'), join(shop.root, 'reports/junit-link.xml')]);

    const { assessment } = await assessed(shop.root);
    const { out } = await aqe(shop.root, ['deploy', 'evidence', 'reports/junit-link.xml', '--json']);

    expect(assessment.evidence.map(({ path }) => path)).toEqual(Object.values(reportPaths).toSorted());
    expect(assessment.ignored).toContainEqual({
      path: 'reports/junit-link.xml',
      reason: expect.stringContaining('link'),
    });
    expect(json<{ evidence: object[] }>({ out }).evidence).toEqual([expect.objectContaining({ state: 'unreadable' })]);
  });

  test('a pipe does not make it wait', async () => {
    const shop = project();
    execFileSync('mkfifo', [join(shop.root, 'reports/junit-pipe.xml')]);

    const { code } = await aqe(shop.root, ['deploy', 'evidence', 'reports/junit-pipe.xml']);

    expect(code).toBe(3);
  });
});

describe('a verb that is not ours', () => {
  const fleet = (root: string): void => {
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(root, 'node_modules/.bin/agentic-qe'), '#!/bin/sh\necho "fleet: $*"\nexit 7\n', { mode: 0o755 });
  };
  const path = { PATH: '/usr/bin:/bin' };

  test.each([
    [['deploy', 'asess'], 'assess'],
    [['deploy', 'risk-scor'], 'risk-score'],
    [['asess'], 'assess'],
    [['deploy', 'config', 'prnt'], 'print'],
    [['deploy', 'assess', '--versio', 'v1'], '--version'],
  ])('(%j) is 2 with a suggestion', async (argv, suggestion) => {
    const { code, out, err } = await aqe(emptyProject().root, argv, { env: path });

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error AQE100[12]: /);
    expect(err).toContain(suggestion);
  });

  test('is handed to an installed agentic-qe with all its words, and its status is ours', () => {
    const { root } = emptyProject();
    fleet(root);

    const result = aqeProcess(root, ['fleet', 'status', '--verbose', 'a b'], path);

    expect(result).toEqual({ code: 7, out: 'fleet: fleet status --verbose a b\n', err: '' });
  });

  test.each([[['deploy', 'fleet']], [['deploy', 'asess']], [['-x']]])('is not handed over as %j', async (argv) => {
    const { root } = emptyProject();
    fleet(root);

    const { code, err } = await aqe(root, argv, { env: path });

    expect(code).toBe(2);
    expect(err).toMatch(/^error AQE100[12]: /);
  });

  test('is never handed over by aqe-deploy', async () => {
    const { root } = emptyProject();
    fleet(root);

    const { code } = await aqe(root, ['fleet'], { env: path, program: 'aqe-deploy' });

    expect(code).toBe(2);
  });

  test('hides none of ours', async () => {
    const { root } = emptyProject();
    fleet(root);

    const { code } = await aqe(root, ['help'], { env: path });

    expect(code).toBe(0);
  });
});

async function assessed(root: string): Promise<{ readonly code: number; readonly assessment: Assessment }> {
  const result = await assess(root);
  return { code: result.code, assessment: json<Assessment>(result) };
}
