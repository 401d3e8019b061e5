import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { GitRepository, gitTestEnvironment, removeTemporaryFolders } from '../../../../test/support/git-repository.ts';
import { gitSource } from './git-source.ts';

/** Names that git allows for a ref, so that they exist. */
const hostileRefs = [
  '--output=canary',
  '-Ocanary',
  '--upload-pack=touch${IFS}canary',
  '--exec=touch${IFS}canary',
  '--help',
  '--all',
  '-',
  '--',
  '--end-of-options',
  '$(touch${IFS}canary)',
  '`touch${IFS}canary`',
  ';touch${IFS}canary',
  '|touch${IFS}canary',
  '&&touch${IFS}canary',
  '>canary',
  "';touch${IFS}canary;'",
  '"quoted"',
  '%(refname)',
  '%00',
  'HEAD',
  'heads/main',
  'ünï/cödé',
  '{}',
  'v1.0.0}',
  '@x',
];

/** Names that cannot be a ref. */
const hostileTexts = [
  '',
  'two words',
  'a..b',
  'HEAD..HEAD',
  '^HEAD',
  'HEAD^@',
  'HEAD:a',
  ':(glob)**',
  '--git-dir=/tmp',
  '-ccore.pager=touch canary',
  'x\ny',
  'x\0y',
  '\x1b[31m',
  'refs/tags/*',
  '@{-1}',
  '../../etc/passwd',
  'a'.repeat(5_000),
  'HEAD~100000',
];

afterAll(removeTemporaryFolders);

const repository = new GitRepository();
repository.write('a', 'one\n');
repository.write('CHANGELOG.md', 'x\n');
repository.commit('one');
repository.git('tag', 'v0.9.0');
repository.write('a', 'two\n');
repository.commit('two');
for (const name of hostileRefs) {
  repository.git('update-ref', `refs/tags/${name}`, 'HEAD~1');
  repository.git('update-ref', `refs/heads/${name}`, 'HEAD~1');
}

describe.each([...hostileRefs, ...hostileTexts].map((name) => [JSON.stringify(name.slice(0, 40)), name] as const))(
  'a release, revision, baseline or commit named %s',
  (_, name) => {
    test('is an answer or a coded refusal, and nothing is written', async () => {
      const source = gitSource(repository.root, gitTestEnvironment());
      const before = snapshot(repository.root);

      const outcomes = await Promise.all(
        [
          source.resolve({ version: name }),
          source.resolve({ version: 'v1.0.0', revision: name }),
          source.change({ version: name }),
          source.change({ version: 'v1.0.0', revision: name }),
          source.change({ version: 'v1.0.0', baseline: name }),
          source.changedLines({ version: name }),
          source.changedLines({ version: 'v1.0.0', revision: name }),
          source.changedLines({ version: 'v1.0.0', baseline: name }),
          source.sourcesDigest(name, [name]),
          source.fileAt(name, 'a'),
          source.fileAt('HEAD', name),
          source.filesAt(name, ['a', name]),
          source.filesAt(repository.head, [name, `${name}/`]),
          source.fileHistory([name]),
        ].map(outcomeOf),
      );

      for (const outcome of outcomes) expect(['answer', 'AQE2012']).toContain(outcome);
      expect(snapshot(repository.root)).toEqual(before);
    });
  },
);

test.each(hostileRefs)('a tag named %s is the release of that name', async (name) => {
  const source = gitSource(repository.root, gitTestEnvironment());

  const head = await source.resolve({ version: name });

  expect(head).toMatchObject({ from: 'tag', commit: repository.git('rev-parse', 'HEAD~1') });
});

test.each(hostileTexts)('there is no tag named %j', async (name) => {
  const source = gitSource(repository.root, gitTestEnvironment());

  const head = await source.resolve({ version: name });

  expect(head).toMatchObject({ from: 'head', commit: repository.head });
});

test.each(['^HEAD', 'HEAD..HEAD', 'HEAD^@', 'HEAD:a', '--branches', '', 'x\0y'])(
  '%j is not taken for a revision',
  async (revision) => {
    const source = gitSource(repository.root, gitTestEnvironment());

    const answer = source.resolve({ version: 'v1', revision });

    await expect(answer).rejects.toMatchObject({ code: 'AQE2012' });
  },
);

test('names of files, authors and subjects are data', async () => {
  const hostile = new GitRepository();
  const text = '$(touch canary) `touch canary` | touch canary \x1b]0;x\x07 \t%H';
  const names = ['--output=canary', '-x', 'tab\there', 'new\nline', '{a => b}/c', 'a => b', '"q"', '*', ':/x', ' '];
  for (const name of names) hostile.write(name, `${text}\n`);
  hostile.commit(`feat: ${text}\n\n${text}`, { name: text.replace('\t', ' '), email: '--author=canary' });

  const change = await gitSource(hostile.root, gitTestEnvironment()).change({ version: '1' });

  expect(change).toMatchObject({ commits: 1, filesChanged: names.length, projectFiles: names.length });
  expect(change?.highlights).toMatchObject([{ kind: 'feature', subject: `feat: ${text}` }]);
  expect(change?.authors).toMatchObject([{ email: '--author=canary', commits: 1 }]);
  expect(readdirSync(hostile.root).toSorted()).toEqual([...names, '.git'].map((name) => name.split('/')[0]).toSorted());
});

async function outcomeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'answer';
  } catch (error) {
    if (error instanceof AqeError) return error.code;
    throw error;
  }
}

/** Every file below a folder with its content, so that any write shows. */
function snapshot(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      return `${name} ${stat.mtimeMs} ${stat.isFile() ? readFileSync(path).toString('latin1') : ''}`;
    })
    .toSorted();
}
