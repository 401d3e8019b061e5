/**
 * Output encoding, one function a context. Everything that comes from evidence, git, config or a person passes through
 * one of these before it is printed.
 */

// Controls, format characters that reorder or hide text, and line separators.
const dangerous =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** One line of terminal text: no control, bidirectional or invisible character survives; each is spelled as its code point. */
export function inline(text: string): string {
  return text.toWellFormed().replace(dangerous, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** `inline`, cut to `limit` characters with an ellipsis. */
export function short(text: string, limit: number): string {
  const whole = [...inline(text)];
  return whole.length <= limit ? whole.join('') : `${whole.slice(0, limit - 1).join('')}…`;
}

/** Text inside a markdown paragraph or table cell: no markup, link, mention, HTML or cell border survives. */
export function markdownText(text: string): string {
  return inline(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]{}()#+|~$!-]/g, (character) => `\\${character}`)
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}&#46;`)
    .replace(/^(\s*\d+)\./, '$1\\.');
}
