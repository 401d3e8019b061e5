import { join } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Signer } from '../../ports/signer.ts';
import { newPrivateKey, signerFromPem } from './ed25519.ts';
import { keyFolder, publicLine, systemSigner, type Environment, type SignerAt } from './key-files.ts';
import { appendLine, createPrivateFile, moveFile, removeFile, replaceFile } from './private-file.ts';

/**
 * A new system key in the place of the old one. The statement that both keys signed is on the disk before the new key
 * is used, and the old public key stays as `retired-….pub`. `system.next.pem` keeps a second rotation out meanwhile.
 * @throws AqeError AQE3010.
 */
export async function rotateSystemKey(
  project: string,
  env: Environment,
  statement: (from: Signer, to: Signer) => string,
): Promise<{ readonly from: SignerAt; readonly to: SignerAt }> {
  for (const variable of ['AQE_SYSTEM_KEY', 'AQE_SYSTEM_KEY_FILE'])
    if (env[variable]) throw new AqeError('AQE3010', `${variable} names the system key: change it where that is set`);
  const folder = keyFolder(project);
  const path = join(folder, 'system.pem');
  const next = join(folder, 'system.next.pem');
  const pem = newPrivateKey();
  const to = { ...signerFromPem(pem, path), path };
  if (!(await createPrivateFile(next, pem)))
    throw new AqeError('AQE3010', 'another rotation is under way, or did not finish; if none is, remove the file', {
      path: next,
    });
  let from: SignerAt;
  try {
    // Not before: the rotation that was under way may have changed it.
    from = await systemSigner(project, env);
    await appendLine(join(folder, 'rotations.jsonl'), statement(from, to));
  } catch (error) {
    // Nothing has changed yet. What cannot be removed either is not worth hiding the error.
    await removeFile(next).catch(() => undefined);
    throw error;
  }
  await replaceFile(join(folder, `retired-${from.keyId.slice(0, 16)}.pub`), publicLine(from), 0o644);
  await moveFile(next, path);
  await replaceFile(join(folder, 'system.pub'), publicLine(to), 0o644);
  return { from, to };
}
