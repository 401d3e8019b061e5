import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { KeyAt } from '../../ports/key-files.ts';
import type { Signer } from '../../ports/signer.ts';
import { newPrivateKey, signerFromPem } from './ed25519.ts';
import { createPrivateFile, readOwn, readPrivateFile, replaceFile } from './private-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A signer, and where its key comes from: a path, or the name of a variable. */
export type SignerAt = Signer & { readonly path: string };

/** Folder of a project's keys. */
export function keyFolder(project: string): string {
  return join(project, '.agentic-qe', 'keys');
}

/** Where the personal key is unless variables say otherwise. */
export function personalKeyPath(env: Environment): string {
  if (env['AQE_KEY_FILE']) return env['AQE_KEY_FILE'];
  const config = env['XDG_CONFIG_HOME'];
  // The specification of that variable says to ignore one that is not absolute.
  const base = config && isAbsolute(config) ? config : join(env['HOME'] || homedir(), '.config');
  return join(base, 'aqe-deploy', 'identity.pem');
}

/**
 * The key of the person who runs the program: the PEM text in AQE_KEY, else the file that AQE_KEY_FILE names, else the
 * one that `keys init` made. Null if there is none.
 * @throws AqeError AQE3010 for a key that cannot be used, and for a file that is named and not there.
 */
export async function personalSigner(env: Environment): Promise<SignerAt | null> {
  const named = await fromVariables(env, 'AQE_KEY', 'AQE_KEY_FILE');
  if (named !== null) return named;
  const path = personalKeyPath(env);
  const pem = await readPrivateFile(path);
  return pem === null ? null : at(path, pem);
}

/** Makes a personal key. @throws AqeError AQE1006 if the file exists, AQE3010. */
export async function createPersonalKey(path: string): Promise<KeyAt> {
  const pem = newPrivateKey();
  if (!(await createPrivateFile(path, pem)))
    throw new AqeError('AQE1006', 'a key is never overwritten: what it signed could not be signed again', { path });
  const { keyId, publicKey } = signerFromPem(pem, path);
  return { keyId, publicKey, path };
}

/**
 * The key of the installation, which signs decisions and checkpoints of the audit log: the PEM text in AQE_SYSTEM_KEY,
 * else the file that AQE_SYSTEM_KEY_FILE names, else `.agentic-qe/keys/system.pem`, which is made on first use. Of several
 * processes at once one makes it and all use it. Its public half is kept beside it as `system.pub`.
 * @throws AqeError AQE3010.
 */
export async function systemSigner(project: string, env: Environment): Promise<SignerAt> {
  const named = await fromVariables(env, 'AQE_SYSTEM_KEY', 'AQE_SYSTEM_KEY_FILE');
  if (named !== null) return named;
  const path = join(keyFolder(project), 'system.pem');
  const signer = at(path, (await readPrivateFile(path)) ?? (await made(project, path)));
  const pub = join(keyFolder(project), 'system.pub');
  // Also after a process that ended between the two files.
  if ((await readOwn(pub)) !== publicLine(signer)) await replaceFile(pub, publicLine(signer), 0o644);
  return signer;
}

/** What stands in a file of a public key. */
export function publicLine({ publicKey }: Pick<Signer, 'publicKey'>): string {
  return `${publicKey}\n`;
}

async function made(project: string, path: string): Promise<string> {
  // Before the key: a repository that does not ignore the state folder must not get it.
  await replaceFile(join(keyFolder(project), '.gitignore'), '*.pem\n*.tmp\n', 0o644);
  const pem = newPrivateKey();
  if (await createPrivateFile(path, pem)) return pem;
  const others = await readPrivateFile(path);
  if (others === null) throw new AqeError('AQE3010', 'another process made it and took it away again', { path });
  return others;
}

async function fromVariables(env: Environment, text: string, file: string): Promise<SignerAt | null> {
  if (env[text] && env[file]) throw new AqeError('AQE3010', `both ${text} and ${file} are set: leave one out`);
  // Some CI systems keep a secret on one line.
  if (env[text]) return at(text, env[text].replaceAll('\\n', '\n'));
  const path = env[file];
  if (!path) return null;
  const pem = await readPrivateFile(path);
  if (pem === null) throw new AqeError('AQE3010', `${file} names it, and it is not there`, { path });
  return at(path, pem);
}

function at(path: string, pem: string): SignerAt {
  return { ...signerFromPem(pem, path), path };
}
