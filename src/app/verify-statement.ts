import { verifySummary, type Expectation, type Verification } from '../core/attest/verify-summary.ts';
import { defaultVerifier } from '../core/attest/vsa.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { PinnedKey } from '../ports/key-files.ts';
import type { Trust } from './trust.ts';

export interface VerifyRequest extends Pick<
  Expectation,
  'subject' | 'resourceUri' | 'levels' | 'policyDigest' | 'maxAge'
> {
  readonly file: string;
  /** Public keys or files of them. */
  readonly keys: readonly string[];
  readonly keyFolder: string | null;
  /** The project whose own keys are trusted when nobody names any; null outside of one. */
  readonly project: string | null;
  /** Null: the default name, except for keys that are pinned to another. */
  readonly verifier: string | null;
}

export interface VerifiedFile extends Verification {
  readonly file: string;
  readonly trusted: { readonly from: 'asked' | 'project'; readonly keyIds: readonly string[] };
}

/**
 * Verifies a signed decision, without network and without the state database.
 * @throws AqeError AQE3010, AQE3011; AQE3013 when no key is trusted for the verifier.
 */
export async function verifyStatement(trust: Trust, request: VerifyRequest): Promise<VerifiedFile> {
  const { file, verifier } = request;
  const text = await trust.envelopes.read(file);
  const { from, found } = await keysFor(trust, request);
  // A key that is pinned to one verifier signs for no other.
  const keys = found
    .filter((key) => verifier === null || key.verifier === null || key.verifier === verifier)
    .map((key) => ({ ...key, verifier: key.verifier ?? verifier ?? defaultVerifier }));
  if (keys.length === 0)
    throw new AqeError('AQE3013', found.length === 0 ? 'none is given' : `none may sign for ${verifier}`);
  const expectation: Expectation = { ...request, keys, now: trust.clock.now().toISOString() };
  const verification = verified(text, expectation, trust, file);
  return { file, ...verification, trusted: { from, keyIds: [...new Set(keys.map(({ keyId }) => keyId))] } };
}

function verified(text: string, expectation: Expectation, { check }: Trust, path: string): Verification {
  try {
    return verifySummary(text, expectation, check.verify);
  } catch (error) {
    throw error instanceof AqeError ? new AqeError(error.code, error.detail, { path }, error) : error;
  }
}

async function keysFor(
  { keys: files }: Trust,
  { keys, keyFolder, project }: VerifyRequest,
): Promise<{ readonly from: 'asked' | 'project'; readonly found: readonly PinnedKey[] }> {
  if (keys.length === 0 && keyFolder === null)
    return { from: 'project', found: project === null ? [] : await files.projectKeys(project) };
  const named = await Promise.all(keys.map((each) => files.publicKeys(each)));
  return {
    from: 'asked',
    found: [...named.flat(), ...(keyFolder === null ? [] : await files.publicKeysIn(keyFolder))],
  };
}
