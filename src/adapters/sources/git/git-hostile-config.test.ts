import { chmodSync, existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  GitRepository,
  gitTestEnvironment,
  removeTemporaryFolders,
  temporaryFolder,
} from '../../../../test/support/git-repository.ts';
import { gitSource } from './git-source.ts';

afterAll(removeTemporaryFolders);

interface Trap {
  readonly name: string;
  /** Sets the trap; `command` is a program that leaves a mark when it runs. */
  readonly set: (repository: GitRepository, command: string) => void;
  /** A plain call of git that falls into it, which proves that the trap works. */
  readonly victim: readonly string[];
}

const filter = (name: string, key: string): Trap => ({
  name: `filter ${name} (${key})`,
  set(repository, command): void {
    repository.write('.git/info/attributes', `* filter=${name}\n`);
    repository.git('config', `filter.${name}.${key}`, command);
    repository.git('config', `filter.${name}.required`, 'true');
  },
  victim: ['status'],
});

const setting = (key: string, ...victim: readonly string[]): Trap => ({
  name: key,
  set: (repository, command) => void repository.git('config', key, command),
  victim,
});

const traps: readonly Trap[] = [
  setting('core.fsmonitor', 'status'),
  setting('diff.external', 'diff'),
  {
    name: 'alias',
    set(repository, command): void {
      for (const name of ['log', 'status', 'trap']) repository.git('config', `alias.${name}`, `!${command}`);
    },
    victim: ['trap'],
  },
  filter('trap', 'clean'),
  filter('trap', 'process'),
  filter('a=b', 'clean'),
  filter('A.b', 'clean'),
  {
    name: 'filter of .gitattributes',
    set(repository, command): void {
      repository.write('.gitattributes', '* filter=trap\n');
      repository.git('config', 'filter.trap.clean', command);
    },
    victim: ['status'],
  },
  {
    name: 'filter of an included config file',
    set(repository, command): void {
      repository.write('.gitattributes', '* filter=trap\n');
      repository.write('.git/more', `[filter "trap"]\n\tclean = ${command}\n`);
      repository.git('config', 'include.path', 'more');
    },
    victim: ['status'],
  },
  {
    name: 'textconv',
    set(repository, command): void {
      repository.write('.gitattributes', '* diff=trap\n');
      repository.git('config', 'diff.trap.textconv', command);
    },
    victim: ['diff'],
  },
  {
    name: 'diff driver',
    set(repository, command): void {
      repository.write('.gitattributes', '* diff=trap\n');
      repository.git('config', 'diff.trap.command', command);
    },
    victim: ['diff'],
  },
  {
    name: 'hook after the index was refreshed',
    set(repository, command): void {
      repository.git('config', 'core.hooksPath', join(repository.root, '.git/hooks'));
      repository.write('.git/hooks/post-index-change', `#!/bin/sh\n${command}\n`);
      chmodSync(join(repository.root, '.git/hooks/post-index-change'), 0o755);
      utimesSync(join(repository.root, 'same'), 1, 1);
    },
    victim: ['status'],
  },
  {
    name: 'signature check',
    set(repository, command): void {
      const signed = repository
        .git('cat-file', 'commit', 'HEAD')
        .replace(/^(committer .*)$/m, '$1\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----');
      writeFileSync(join(repository.root, '.git/signed'), `${signed}\n`);
      const id = repository.git('hash-object', '-t', 'commit', '-w', '.git/signed');
      repository.git('update-ref', 'refs/heads/main', id);
      repository.git('config', 'log.showSignature', 'true');
      repository.git('config', 'gpg.program', command);
    },
    victim: ['log', '-1'],
  },
  {
    name: 'fetch of a missing object',
    set(repository, command): void {
      repository.git('config', 'core.repositoryFormatVersion', '1');
      repository.git('config', 'extensions.partialClone', 'origin');
      repository.git('config', 'remote.origin.promisor', 'true');
      repository.git('config', 'remote.origin.url', `ext::${command}`);
      repository.git('config', 'protocol.ext.allow', 'always');
      const blob = repository.git('rev-parse', 'HEAD:lost');
      rmSync(join(repository.root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    },
    victim: ['cat-file', 'blob', 'HEAD:lost'],
  },
  {
    name: 'fetch over ssh',
    set(repository, command): void {
      repository.git('config', 'core.repositoryFormatVersion', '1');
      repository.git('config', 'extensions.partialClone', 'origin');
      repository.git('config', 'remote.origin.promisor', 'true');
      repository.git('config', 'remote.origin.url', 'ssh://localhost/x');
      repository.git('config', 'core.sshCommand', command);
      const blob = repository.git('rev-parse', 'HEAD:lost');
      rmSync(join(repository.root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    },
    victim: ['cat-file', 'blob', 'HEAD:lost'],
  },
];

describe.each(traps)('a repository with a trap in $name', (trap) => {
  test('runs nothing', async () => {
    const { repository, mark } = trapped(trap);
    const source = gitSource(repository.root, gitTestEnvironment());

    const outcomes = await Promise.allSettled([
      source.resolve({ version: 'v2' }),
      source.change({ version: 'v2' }),
      source.change({ version: 'v2', revision: 'HEAD', baseline: 'v1' }),
      source.changedLines({ version: 'v2' }),
      source.fileHistory(['a', 'same', 'lost']),
      source.sourcesDigest('HEAD', []),
    ]);

    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(existsSync(mark)).toBe(false);
    for (const error of errors) expect(error).toMatchObject({ code: 'AQE2011' });
    if (!trap.name.startsWith('fetch')) expect(errors).toEqual([]);
  });

  test('would run its command under plain git', () => {
    const { repository, mark } = trapped(trap);

    // A trap may well make git fail.
    try {
      repository.git(...trap.victim);
    } catch {}

    expect(existsSync(mark)).toBe(true);
  });
});

test('a pager of the repository is not started', async () => {
  const { repository, mark } = trapped(setting('core.pager'));

  await gitSource(repository.root, gitTestEnvironment()).change({ version: 'v2' });

  expect(existsSync(mark)).toBe(false);
});

test('settings and attributes of the repository do not change the counts', async () => {
  const { repository } = trapped({ set: () => undefined });
  const source = (): ReturnType<typeof gitSource> => gitSource(repository.root, gitTestEnvironment());
  const before = await source().change({ version: 'v2' });
  const linesBefore = await source().changedLines({ version: 'v2' });

  repository.write('.gitattributes', '* -diff\n* binary\n');
  for (const [key, value] of [
    ['diff.renames', 'false'],
    ['diff.algorithm', 'patience'],
    ['diff.relative', 'true'],
    ['diff.noprefix', 'true'],
    ['diff.mnemonicPrefix', 'true'],
    ['diff.context', '7'],
    ['diff.interHunkContext', '7'],
    ['diff.indentHeuristic', 'false'],
    ['diff.suppressBlankEmpty', 'true'],
    ['diff.wordRegex', '.'],
    ['diff.ignoreSubmodules', 'all'],
    ['log.follow', 'true'],
    ['log.date', 'relative'],
    ['log.mailmap', 'true'],
    ['format.pretty', 'oneline'],
    ['color.ui', 'always'],
    ['core.quotePath', 'true'],
    ['core.attributesFile', join(repository.root, '.gitattributes')],
    ['status.showUntrackedFiles', 'all'],
    ['status.relativePaths', 'true'],
    ['i18n.logOutputEncoding', 'UTF-16'],
    ['tag.sort', '-version:refname'],
  ] as const) {
    repository.git('config', key, value);
  }
  const after = await source().change({ version: 'v2' });
  const linesAfter = await source().changedLines({ version: 'v2' });

  expect(after).toEqual(before);
  expect(linesBefore?.files).toEqual([{ path: 'b', lines: [{ first: 1, last: 1 }] }]);
  expect(linesAfter).toEqual(linesBefore);
});

test('a bare repository is refused, so that one hidden in a checkout cannot bring its config', async () => {
  const outer = new GitRepository();
  outer.git('init', '--quiet', '--bare', 'inner');

  const answer = gitSource(join(outer.root, 'inner'), gitTestEnvironment()).resolve({ version: 'v1' });

  await expect(answer).rejects.toMatchObject({ code: 'AQE2011', detail: expect.stringContaining('bare') });
});

/** A repository with a release, a changed file and a commit after it, and a trap that leaves `mark`. */
function trapped(trap: Pick<Trap, 'set'>): { readonly repository: GitRepository; readonly mark: string } {
  const outside = temporaryFolder();
  const mark = join(outside, 'ran');
  const command = join(outside, 'trap.sh');
  writeFileSync(command, `#!/bin/sh\necho ran > ${mark}\nexit 1\n`);
  chmodSync(command, 0o755);
  const repository = new GitRepository();
  for (const name of ['a', 'same', 'lost', 'CHANGELOG.md']) repository.write(name, `${name}\n`);
  repository.commit('feat: one');
  repository.git('tag', 'v1');
  repository.write('b', 'b\n');
  repository.commit('fix: two');
  repository.write('a', 'A\n'); // as long as before: git has to compare the content
  trap.set(repository, command);
  return { repository, mark };
}
