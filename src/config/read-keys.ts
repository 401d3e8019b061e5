import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AqeError } from '../core/error/aqe-error.ts';
import type { KeysOnDisk } from './people-from.ts';

const maxFiles = 1000;
const maxBytes = 16 * 1024;

/**
 * Public keys of a folder: `ada@example.com.pub` holds one key a line, as `aqe keys show` prints it, or PEM. No folder: none.
 * @throws AqeError AQE1005 for a file that is something else.
 */
export function readKeys(project: string, folder: string): KeysOnDisk {
  const path = join(project, folder);
  const found = tried(folder, () =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(path) : null,
  );
  if (found === null) return {};
  const names = keyFilesIn(found, folder);
  return Object.fromEntries(names.map((name) => [personOf(name), keysIn(textOf(join(path, name), name), name)]));
}

/** Those of the names that are key files, sorted. @throws AqeError AQE1005 for more than a thousand. */
export function keyFilesIn(names: readonly string[], folder: string): readonly string[] {
  const files = names.filter((name) => name.endsWith('.pub'));
  if (files.length > maxFiles) throw new AqeError('AQE1005', `more than ${maxFiles} keys`, { path: folder });
  return files.sort();
}

/** Whose keys a file holds. */
export function personOf(name: string): string {
  return name.slice(0, -'.pub'.length);
}

/** Names of the files that keys came from. */
export function keyFilesOf(keys: KeysOnDisk): readonly string[] {
  return Object.keys(keys).map((person) => `${person}.pub`);
}

function textOf(path: string, name: string): string {
  // A link to nothing is no key of anybody: it must not pass for a folder without it.
  const stat = tried(name, () => statSync(path, { throwIfNoEntry: false }));
  if (stat?.isFile() !== true || stat.size > maxBytes)
    throw new AqeError('AQE1005', 'it is not a public key', { path: name });
  return tried(name, () => readFileSync(path, 'utf8'));
}

/** @throws AqeError AQE1005 for what cannot be looked at, such as a link to itself or a file of somebody else. */
function tried<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (cause) {
    throw new AqeError('AQE1005', `it cannot be read (${(cause as NodeJS.ErrnoException).code})`, { path }, cause);
  }
}

/** The keys in the text of a file. @throws AqeError AQE1005 if there is anything else, or none. */
export function keysIn(text: string, name: string): readonly string[] {
  if (text.length > maxBytes) throw new AqeError('AQE1005', 'it is not a public key', { path: name });
  const blocks = [...text.matchAll(/-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/g)];
  const keys =
    blocks.length > 0
      ? blocks.map((block) => block[1]!.replace(/\s+/g, ''))
      : text.split('\n').flatMap((line) => (line.trim() === '' || line.startsWith('#') ? [] : [line.trim()]));
  const wrong = keys.find((key) => !/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/.test(key));
  if (wrong !== undefined || keys.length === 0)
    throw new AqeError('AQE1005', 'it holds no Ed25519 public key as `aqe keys show` prints it', { path: name });
  return keys;
}
