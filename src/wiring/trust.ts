import { ed25519 } from '../adapters/attest/ed25519.ts';
import { localEnvelopes } from '../adapters/attest/envelope-file.ts';
import { localKeys } from '../adapters/attest/local-keys.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Trust } from '../app/trust.ts';

/** Paths that a person names are relative to `cwd`. */
export function openTrust(cwd: string, env: Readonly<Record<string, string | undefined>>): Trust {
  return { keys: localKeys(cwd, env), check: ed25519, envelopes: localEnvelopes(cwd), clock: systemClock };
}
