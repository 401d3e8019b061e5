const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Value of each character code; 64 for what is not in the alphabet. */
const values = new Uint8Array(128).fill(64);
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;

/** Base64 of the standard alphabet, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    pieces.push(
      alphabet[group >> 18]! +
        alphabet[(group >> 12) & 63]! +
        (left > 1 ? alphabet[(group >> 6) & 63]! : '=') +
        (left > 2 ? alphabet[group & 63]! : '='),
    );
  }
  return pieces.join('');
}

/** The bytes; null for any text but the one that `encodeBase64` gives for them (other alphabet, no padding, stray bits). */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let bits = 0;
  for (let at = 0, end = 0; at < text.length; at += 1) {
    const value = at < digits ? (values[text.charCodeAt(at)] ?? 64) : 0;
    if (value === 64) return null;
    bits = (bits << 6) | value;
    if (at % 4 !== 3) continue;
    const last = at === text.length - 1;
    // Bits that padding cuts off are zero in the one right text.
    if (last && padding > 0 && (bits & (padding === 2 ? 0xffff : 0xff)) !== 0) return null;
    for (let shift = 16; shift >= (last ? 8 * padding : 0); shift -= 8) bytes[end++] = bits >> shift;
    bits = 0;
  }
  return bytes;
}
