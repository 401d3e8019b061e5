import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface CommitOptions {
  readonly name?: string;
  readonly email?: string;
  /** Hours after the first possible commit; one more with every commit unless told. */
  readonly hour?: number;
}

/** Midnight of 2026-01-01 UTC, the time of hour 0. */
const epoch = Date.UTC(2026, 0, 1);

/** A real repository in a temporary folder, the same in every run: fixed names, times and settings. */
export class GitRepository {
  readonly root: string;
  #hour = 0;

  constructor(root: string = temporaryFolder(), init: readonly string[] | null = []) {
    this.root = root;
    if (init) this.git('init', '--quiet', '--initial-branch=main', ...init, '.');
  }

  /** Runs git in the repository with the settings of the test only. */
  git(...args: readonly string[]): string {
    return this.gitWith({}, ...args);
  }

  gitWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): string {
    const options = {
      cwd: this.root,
      env: { ...gitTestEnvironment(), ...this.#identity({}), ...env },
      encoding: 'utf8',
      stdio: 'pipe',
    } as const;
    return execFileSync('git', args, options).trimEnd();
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  move(from: string, to: string): void {
    mkdirSync(dirname(join(this.root, to)), { recursive: true });
    renameSync(join(this.root, from), join(this.root, to));
  }

  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  /** Commits everything that lies in the folder; returns the id. */
  commit(message: string, options: CommitOptions = {}): string {
    this.#hour = options.hour ?? this.#hour + 1;
    this.git('add', '--all');
    this.gitWith(this.#identity(options), 'commit', '--quiet', '--allow-empty', '--cleanup=verbatim', '-m', message);
    return this.head;
  }

  merge(branch: string, ...options: readonly string[]): string {
    this.#hour += 1;
    this.git('merge', '--quiet', '--no-ff', '--no-edit', ...options, branch);
    return this.head;
  }

  get head(): string {
    return this.git('rev-parse', 'HEAD');
  }

  #identity({ name = 'Ada', email = 'ada@example.org' }: CommitOptions): Readonly<Record<string, string>> {
    const date = new Date(epoch + this.#hour * 3_600_000).toISOString();
    return {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    };
  }
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aqe-git-')));
  created.push(folder);
  return folder;
}

/** Removes what the tests of one file made; call it in `afterAll`. */
export function removeTemporaryFolders(): void {
  for (const folder of created.splice(0)) rmSync(folder, { recursive: true, force: true });
}

const created: string[] = [];

/** No settings of the machine: only the programs. */
export function gitTestEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    LC_ALL: 'C',
  };
}
