import { AqeError } from '../../core/error/aqe-error.ts';
import type { BundleArchive } from '../../ports/bundle-archive.ts';
import type { PinnedKey } from '../../ports/key-files.ts';
import { checkBundle, type CheckBundleDeps, type CheckedBundle } from './check-bundle.ts';
import { checkSignature, type SignatureFound } from './check-signature.ts';

export interface ReadBundleDeps extends CheckBundleDeps {
  readonly archive: BundleArchive;
}

export interface ReadBundle extends CheckedBundle {
  /** Null: nobody said whose signature to look for. */
  readonly signature: SignatureFound | null;
}

/**
 * Makes the decision of a bundle again, from the evidence in it, without the project, its database or git, and checks the bundle
 * on the way. With keys, also that one of them signed this very decision; without, anybody may have written it.
 * @throws AqeError AQE3050 for what is no bundle, AQE3053 for one that was changed or that none of the keys signed, AQE3051 for
 * one of another version.
 */
export async function readBundle(
  deps: ReadBundleDeps,
  path: string,
  keys: readonly PinnedKey[] | null,
): Promise<ReadBundle> {
  const bundle = await deps.archive.open(path);
  try {
    const checked = await checkBundle(deps, bundle);
    const signature = keys && checkSignature(deps.signatures, bundle, checked, keys);
    return { ...checked, signature };
  } catch (error) {
    throw error instanceof AqeError ? new AqeError(error.code, error.detail, { path }, error.cause) : error;
  } finally {
    await bundle.close();
  }
}
