import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { git, type Git } from './git-command.ts';
import { gitFailed, unexpectedOutput } from './git-errors.ts';
import { gitEnvironment, type Environment } from './git-environment.ts';

export interface Repository {
  /**
   * Sees commits only, as in a bare repository: neither the files of the working tree nor their attributes can change
   * what it prints or start anything.
   */
  readonly history: Git;
  /** Sees the working tree; runs in the project folder. */
  readonly worktree: Git;
  /** Path of the project below the root of the repository with a slash at its end; empty if it is the root. */
  readonly prefix: string;
  /** Limits a command to the project: its folder, or nothing if the project is the whole repository. */
  readonly paths: readonly string[];
  readonly emptyTree: string;
  /** Older history is cut off. */
  readonly shallow: boolean;
}

/** null if the folder belongs to no repository. @throws AqeError AQE2011. */
export async function openRepository(root: string, environment: Environment): Promise<Repository | null> {
  const env = gitEnvironment(environment);
  const folder = await realpath(root).catch((error: unknown) => {
    throw new AqeError('AQE2011', 'the project folder cannot be opened', {}, error);
  });
  const worktree = git(folder, env);
  const questions = ['--is-inside-work-tree', '--show-object-format', '--is-shallow-repository', '--show-cdup'];
  const answer = await worktree.attempt(['rev-parse', ...questions, '--absolute-git-dir']);
  if (answer.exitCode !== 0) {
    if (/not a git repository \(or any/.test(answer.stderr)) return null;
    throw gitFailed('rev-parse', answer.exitCode, answer.stderr);
  }
  const [inside, format, shallow, up, ...directory] = answer.stdout.replace(/\n$/, '').split('\n');
  if (inside !== 'true') throw new AqeError('AQE2011', 'the folder lies outside the working tree', {});
  if ((format !== 'sha1' && format !== 'sha256') || up === undefined) throw unexpectedOutput('rev-parse');
  const gitDir = directory.join('\n');
  const below = relative(resolve(folder, up), folder).split(sep).join('/');
  return {
    // Naming the directory skips git's check of the owner, which the call above has passed. Attributes would still be
    // read from the current folder, `--bare` or not.
    history: git(gitDir, env, ['--bare', `--git-dir=${gitDir}`, '-c', 'core.attributesFile=/dev/null']),
    worktree,
    prefix: below === '' ? '' : `${below}/`,
    paths: below === '' ? [] : [below],
    emptyTree: createHash(format).update('tree 0\0').digest('hex'),
    shallow: shallow === 'true',
  };
}
