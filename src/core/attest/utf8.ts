/** UTF-8 of a text; half a surrogate pair becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      bytes[end++] = unit;
      continue;
    }
    const whole = text.codePointAt(at)!;
    if (whole > 0xffff) at += 1;
    const point = whole >= 0xd800 && whole <= 0xdfff ? 0xfffd : whole;
    if (point < 0x800) bytes[end++] = 0xc0 | (point >> 6);
    else {
      if (point < 0x10000) bytes[end++] = 0xe0 | (point >> 12);
      else {
        bytes[end++] = 0xf0 | (point >> 18);
        bytes[end++] = 0x80 | ((point >> 12) & 63);
      }
      bytes[end++] = 0x80 | ((point >> 6) & 63);
    }
    bytes[end++] = 0x80 | (point & 63);
  }
  return bytes.slice(0, end);
}

/** The text; null for bytes that are not UTF-8 (overlong forms, surrogates and values beyond U+10FFFF among them). */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const pieces: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!;
    const more = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4) return null;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let next = 1; next <= more; next += 1) {
      const byte = bytes[at + next] ?? 0;
      if ((byte & 0xc0) !== 0x80) return null;
      point = (point << 6) | (byte & 63);
    }
    if ((more === 2 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) || point > 0x10ffff) return null;
    if (more === 3 && point < 0x10000) return null;
    if (point > 0xffff) units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    else units.push(point);
    at += more + 1;
    if (units.length > 4096) {
      pieces.push(String.fromCharCode(...units));
      units = [];
    }
  }
  return pieces.join('') + String.fromCharCode(...units);
}
