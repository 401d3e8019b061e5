import type { TrustedKey } from '../core/attest/dsse.ts';
import type { Signer } from './signer.ts';

/** The public half of a key, and where the private one is: a path, or the name of a variable. */
export interface KeyAt {
  readonly keyId: string;
  /** SPKI DER, base64. */
  readonly publicKey: string;
  readonly path: string;
}

/** A public key that is trusted, and the verifier it may sign for; null if whoever trusts it says so elsewhere. */
export interface PinnedKey extends TrustedKey {
  readonly verifier: string | null;
}

/** Keys of the person who runs the program and of a project. Private halves never leave the adapter. */
export interface KeyFiles {
  /** Makes the personal key, in the file named or where it belongs. @throws AqeError AQE1006 if it exists, AQE3010. */
  createPersonal(file: string | undefined): Promise<KeyAt>;
  /** The personal key; null if there is none. @throws AqeError AQE3010. */
  personal(): Promise<KeyAt | null>;
  /** The project's own key as it is; null if it has not been needed yet. @throws AqeError AQE3010. */
  system(project: string): Promise<KeyAt | null>;
  /**
   * Gives the project a new key. `statement` states the change and is kept before the new key is used; the old public key
   * stays, the old private one is gone.
   * @throws AqeError AQE3010, also when the key is not the project's to change.
   */
  rotateSystem(
    project: string,
    statement: (from: Signer, to: Signer) => string,
  ): Promise<{ readonly from: KeyAt; readonly to: KeyAt }>;
  /** A public key by its base64 text, or all in a file (base64 lines, each with the verifier it is pinned to, or PEM). @throws AqeError AQE3010. */
  publicKeys(textOrFile: string): Promise<readonly PinnedKey[]>;
  /** Public keys of all `*.pub` files of a folder. @throws AqeError AQE3010, also if there is none. */
  publicKeysIn(folder: string): Promise<readonly PinnedKey[]>;
  /** Public keys that lie in the project itself, the present one and those before it; empty if there is none. @throws AqeError AQE3010. */
  projectKeys(project: string): Promise<readonly PinnedKey[]>;
}
