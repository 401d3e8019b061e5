import { join } from 'node:path';
import { gitSource } from '../../src/adapters/sources/git/git-source.ts';
import type { ReleaseFiles } from '../../src/ports/release-files.ts';
import type { SourceControl } from '../../src/ports/source-control.ts';
import { GitRepository, gitTestEnvironment, temporaryFolder } from './git-repository.ts';

/** What the contract needs of a version control system to tell its stories. */
export interface World {
  readonly write: (path: string, content: string | Uint8Array) => void;
  readonly move: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  /** Records everything; `hour` is the time, one more than before unless told. Returns the full id. */
  readonly commit: (message: string, options?: { name?: string; email?: string; hour?: number }) => string;
  readonly tag: (name: string) => void;
  readonly source: (folder?: string) => SourceControl & ReleaseFiles;
}

export interface Product {
  readonly name: string;
  readonly world: () => World;
  readonly outside: () => SourceControl & ReleaseFiles;
}

export const git: Product = {
  name: 'git',
  world() {
    const repository = new GitRepository();
    return {
      write: (path, content) => repository.write(path, content),
      move: (from, to) => repository.move(from, to),
      remove: (path) => repository.remove(path),
      commit: (message, options) => repository.commit(message, options),
      tag: (name) => void repository.git('tag', name),
      source: (folder = '.') => gitSource(join(repository.root, folder), gitTestEnvironment()),
    };
  },
  outside: () => gitSource(temporaryFolder(), { ...gitTestEnvironment(), GIT_CEILING_DIRECTORIES: '/' }),
};
