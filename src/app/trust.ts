import type { Clock } from '../ports/clock.ts';
import type { EnvelopeFile } from '../ports/envelope-file.ts';
import type { KeyFiles } from '../ports/key-files.ts';
import type { SignatureCheck } from '../ports/signer.ts';

/** Keys, signatures and signed files. Needs neither a project nor a config. */
export interface Trust {
  readonly keys: KeyFiles;
  readonly check: SignatureCheck;
  readonly envelopes: EnvelopeFile;
  readonly clock: Clock;
}
