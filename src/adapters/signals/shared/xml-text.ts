/** What is given back instead of a position: the markup goes on behind the text that is there. */
export const incomplete = -1;
/** What is given back instead of a position: the markup is wrong. */
export const malformed = -2;

/** Codes of the characters that markup is made of. */
export const char = {
  tab: 0x09,
  newline: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  exclamation: 0x21,
  quote: 0x22,
  apostrophe: 0x27,
  slash: 0x2f,
  less: 0x3c,
  equals: 0x3d,
  greater: 0x3e,
  question: 0x3f,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  byteOrderMark: 0xfeff,
} as const;

// Productions 4 and 4a of XML 1.0, fifth edition.
const nameStart =
  ':A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';

/** A name at `lastIndex`. */
export const xmlName = new RegExp(
  `[${nameStart}][${nameStart}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}]*`,
  'uy',
);

/** What stands between `<?xml` and `?>`. */
export const xmlDeclaration =
  /^[ \n\t]+version[ \n\t]*=[ \n\t]*(["'])1\.[0-9]+\1(?:[ \n\t]+encoding[ \n\t]*=[ \n\t]*(["'])[A-Za-z][\w.-]*\2)?(?:[ \n\t]+standalone[ \n\t]*=[ \n\t]*(["'])(?:yes|no)\3)?[ \n\t]*$/;

// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const allForbidden = new RegExp(forbidden, 'g');

/** Line ends become `\n`, as XML demands; characters that it forbids become U+FFFD. */
export function normalLines(text: string): string {
  const allowed = forbidden.test(text) ? text.replace(allForbidden, '\ufffd') : text;
  return allowed.includes('\r') ? allowed.replace(/\r\n?/g, '\n') : allowed;
}

/** Line ends and tabs become spaces, as XML demands of attribute values. */
export function normalSpace(text: string): string {
  return text.replace(/[\n\t]/g, ' ');
}

const predefined = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The longest reference that {@link characterOf} knows, with its `&` and `;`. */
export const maxReference = 14;

/** What stands between `&` and `;` as a character, U+FFFD for one that XML forbids; undefined if it is no such reference. */
export function characterOf(reference: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}))$/.exec(reference);
  if (!match) return predefined.get(reference);
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return isAllowed(code) ? String.fromCodePoint(code) : '\ufffd';
}

function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0xd800 || (code > 0xdfff && code !== 0xfffe && code !== 0xffff && code <= 0x10ffff);
}

/** White space of a text whose line ends are normal. */
export function isSpace(code: number): boolean {
  return code === char.space || code === char.newline || code === char.tab;
}

/** End of the text without up to two `]`, which may be the start of `]]>`. */
export function withoutBrackets(text: string, at: number): number {
  let end = text.length;
  while (end > at && end > text.length - 2 && text.charCodeAt(end - 1) === char.closeBracket) end -= 1;
  return end;
}

export function newlinesIn(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
