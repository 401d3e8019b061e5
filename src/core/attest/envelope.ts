/** DSSE v1 envelope. `payload` is base64 of the exact bytes that were signed; they are never written anew. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}
