import { bundleArchive } from '../adapters/files/bundle-archive.ts';
import { ed25519 } from '../adapters/attest/ed25519.ts';
import { systemIdentity } from '../adapters/system/identity.ts';
import type { ReadBundleDeps } from '../app/bundle/read-bundle.ts';
import { mappingReaders } from './mapped-readers.ts';

/** What reading a bundle takes: no project, no database, no git, and nothing of the environment. */
export function openBundles(cwd: string): Omit<ReadBundleDeps, 'json'> {
  return {
    archive: bundleArchive(cwd, cwd),
    identity: systemIdentity,
    signatures: ed25519,
    async readers(mappings) {
      const { signalReaders } = await import('../adapters/signals/index.ts');
      return [...(await mappingReaders(mappings)), ...signalReaders];
    },
  };
}
