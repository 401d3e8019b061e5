import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBundle, type ReadBundle } from '../../src/app/bundle/read-bundle.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import type { PinnedKey } from '../../src/ports/key-files.ts';
import { json } from '../../src/surfaces/cli/commands/assessing.ts';
import { openBundles } from '../../src/wiring/bundles.ts';
import { openTrust } from '../../src/wiring/trust.ts';
import { bundleOf, membersOf, version, type Member } from './bundles.ts';
import { aqe } from './cli.ts';
import { temporaryFolder } from './git-repository.ts';
import { project, type ProjectShape } from './project.ts';

/** What became of a bundle: the code of an error, `same` for the decision that was made, `other` for another one. */
export type Outcome = string;

/** A good bundle, and a place to read bundles that were made from it. */
export interface Reading {
  readonly good: Buffer;
  readonly members: readonly Member[];
  /** Those of the project. */
  readonly keys: readonly PinnedKey[];
  readonly folder: string;
  /** Reads a bundle as the command does; gives the decision, or the error that a user gets. */
  read(archive: Uint8Array, keys?: readonly PinnedKey[] | null): Promise<ReadBundle | AqeError>;
  readFile(name: string, keys?: readonly PinnedKey[] | null): Promise<ReadBundle | AqeError>;
  /** A name for a file that was not used yet. */
  fresh(): string;
  outcome(result: ReadBundle | AqeError): Outcome;
  /** What lies where bundles are unpacked. */
  left(): readonly string[];
  end(): void;
}

const words = ['--by', 'a@b.example', '--note', 'it is so'];

export const small: Partial<ProjectShape> = {
  coverage: { lines: [9, 10], branches: [9, 10] },
  mutants: [9, 10],
  tests: { passed: 3 },
};

export async function readingOf(shape: Partial<ProjectShape> = small): Promise<Reading> {
  const shop = project(shape);
  // Something to stand in the log before the decision.
  for (const item of ['monitoring', 'communication-plan'])
    await aqe(shop.root, ['checklist', '--version', version, '--attest', item, ...words]);
  const { file, assessed } = await bundleOf(shop);
  const good = readFileSync(file);
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'shop.pub'), readFileSync(join(shop.root, '.agentic-qe/keys/system.pub')));
  const keys = await openTrust(folder, {}).keys.publicKeys('shop.pub');
  // So deep that a way up ends in the folder.
  const temporary = join(folder, 'unpacked', 'deep', 'deeper');
  mkdirSync(temporary, { recursive: true });
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  let count = 0;
  const fresh = (): string => `${(count += 1)}.tgz`;

  async function readFile(name: string, trusted: readonly PinnedKey[] | null = null): Promise<ReadBundle | AqeError> {
    try {
      return await readBundle({ ...openBundles(folder), json }, name, trusted);
    } catch (error) {
      if (error instanceof AqeError) return error;
      throw error;
    }
  }

  return {
    good,
    members: await membersOf(good),
    keys,
    folder,
    fresh,
    readFile,
    read(archive, trusted = null) {
      const name = fresh();
      writeFileSync(join(folder, name), archive);
      return readFile(name, trusted);
    },
    outcome: (result) => (result instanceof AqeError ? result.code : result.text === assessed.out ? 'same' : 'other'),
    // The tests' own folders lie there as well.
    left: () => [
      ...readdirSync(join(folder, 'unpacked')).filter((name) => name !== 'deep'),
      ...readdirSync(join(folder, 'unpacked', 'deep')).filter((name) => name !== 'deeper'),
      ...readdirSync(temporary).filter((name) => !name.startsWith('aqe-git-')),
      ...readdirSync(folder).filter((name) => !/^(?:\d+|flip)\.tgz$|^shop\.pub$|^unpacked$/.test(name)),
    ],
    end() {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
    },
  };
}
