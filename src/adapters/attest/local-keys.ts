import { join, resolve } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { KeyAt, KeyFiles } from '../../ports/key-files.ts';
import {
  createPersonalKey,
  keyFolder,
  personalKeyPath,
  personalSigner,
  systemSigner,
  type Environment,
  type SignerAt,
} from './key-files.ts';
import { readPrivateFile } from './private-file.ts';
import { publicKeysIn, publicKeysOf } from './public-keys.ts';
import { rotateSystemKey } from './rotate-key.ts';

/** Keys in files. Paths that a person names are relative to `cwd`. */
export function localKeys(cwd: string, env: Environment): KeyFiles {
  return {
    createPersonal: (file) => createPersonalKey(file === undefined ? personalKeyPath(env) : resolve(cwd, file)),
    personal: async () => publicHalf(await personalSigner(env)),
    async system(project) {
      const named = env['AQE_SYSTEM_KEY'] || env['AQE_SYSTEM_KEY_FILE'];
      if (!named && (await readPrivateFile(join(keyFolder(project), 'system.pem'))) === null) return null;
      return publicHalf(await systemSigner(project, env));
    },
    async rotateSystem(project, statement) {
      const { from, to } = await rotateSystemKey(project, env, statement);
      return { from: publicHalf(from), to: publicHalf(to) };
    },
    publicKeys: (textOrFile) => publicKeysOf(isKeyText(textOrFile) ? textOrFile : resolve(cwd, textOrFile)),
    async publicKeysIn(folder) {
      const found = await publicKeysIn(resolve(cwd, folder));
      if (found === null || found.length === 0)
        throw new AqeError('AQE3010', 'the folder holds no file that ends in .pub', { path: folder });
      return found;
    },
    projectKeys: async (project) => (await publicKeysIn(keyFolder(project))) ?? [],
  };
}

function isKeyText(text: string): boolean {
  return /^[A-Za-z0-9+/]{59}=$/.test(text);
}

function publicHalf<T extends SignerAt | null>(signer: T): T extends null ? KeyAt | null : KeyAt;
function publicHalf(signer: SignerAt | null): KeyAt | null {
  return signer && { keyId: signer.keyId, publicKey: signer.publicKey, path: signer.path };
}
