import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { PinnedKey } from '../../ports/key-files.ts';
import { ed25519, publicKeyFromPem } from './ed25519.ts';
import { readPublicFile } from './private-file.ts';

/** A public key given as its base64 text, or all keys of the file of that name. @throws AqeError AQE3010. */
export async function publicKeysOf(textOrFile: string): Promise<readonly PinnedKey[]> {
  const keyId = ed25519.keyIdOf(textOrFile);
  return keyId === null ? keysOfFile(textOrFile) : [{ keyId, publicKey: textOrFile, verifier: null }];
}

/** Keys of all `*.pub` files of a folder, by file name; null if there is no such folder. @throws AqeError AQE3010. */
export async function publicKeysIn(folder: string): Promise<readonly PinnedKey[] | null> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    if (code === 'ENOENT') return null;
    throw new AqeError('AQE3010', code, { path: folder }, cause);
  }
  const files = names.filter((name) => name.endsWith('.pub')).toSorted();
  return (await Promise.all(files.map((name) => keysOfFile(join(folder, name))))).flat();
}

async function keysOfFile(path: string): Promise<readonly PinnedKey[]> {
  const text = await readPublicFile(path);
  if (text.includes('PRIVATE KEY'))
    throw new AqeError('AQE3010', 'it holds a private key; name the public one', { path });
  const lines = text.includes('-----BEGIN') ? [publicKeyFromPem(text) ?? ''] : text.split('\n');
  const keys = lines.flatMap((line, index) => keyOfLine(line.trim(), { path, line: index + 1 }));
  if (keys.length === 0) throw new AqeError('AQE3010', 'it holds no public key', { path });
  return keys;
}

/** `<base64>` or `<base64> <verifier id>`; a line that begins with # and an empty one say nothing. */
function keyOfLine(line: string, context: { readonly path: string; readonly line: number }): readonly PinnedKey[] {
  if (line === '' || line.startsWith('#')) return [];
  const [publicKey = '', verifier, ...rest] = line.split(/\s+/);
  const keyId = ed25519.keyIdOf(publicKey);
  if (keyId === null || rest.length > 0)
    throw new AqeError('AQE3010', 'it is not a public Ed25519 key (base64 of its SPKI form, or PEM)', context);
  return [{ keyId, publicKey, verifier: verifier ?? null }];
}
