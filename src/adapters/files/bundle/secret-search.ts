import { encodingOf } from '../decode.ts';

/** Characters of one piece that are looked at together with the next, so that no secret lies between two. */
const overlap = 32_768;

export interface SecretSearch {
  /** Whether the file has had a secret, up to this piece of it. */
  foundIn(chunk: Uint8Array): boolean;
}

/** Looks through the text of one file, piece by piece. */
export function secretSearch(holdsSecret: (text: string) => boolean): SecretSearch {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let before = '';
  return {
    foundIn(chunk) {
      decoder ??= decoderFor(chunk);
      const text = before + decoder.decode(chunk, { stream: true });
      before = text.slice(-overlap);
      return holdsSecret(text);
    },
  };
}

/** Bytes that are no text of the encoding are passed over: what lies between them is still looked at. */
function decoderFor(start: Uint8Array): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encodingOf('', start).label);
  } catch {
    // No text as a reader takes it; words in it would be ASCII.
    return new TextDecoder('latin1');
  }
}
