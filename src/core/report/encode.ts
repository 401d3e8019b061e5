/**
 * Output encoding, one function a context. Everything that comes from evidence, git, config or a person passes through
 * one of these before it is printed.
 */

// Controls, line separators, characters that reorder text and all that show nothing, but for the selectors of emoji.
const dangerous =
  /[[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\ufe00-\ufe0f]]/gv;

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
  return (
    inline(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*[\]|~$]/g, (character) => `\\${character}`)
      // Inside a word an underscore is only an underscore; elsewhere it could begin or end emphasis.
      .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
      .replace(/@/g, '&#64;')
      .replace(/:\/\//g, '&#58;//')
      .replace(/www\./gi, (match) => `${match.slice(0, -1)}&#46;`)
      // At the start of a line these would make a list, a heading or a rule.
      .replace(/^(\s*)([-+#=])/, '$1\\$2')
      .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
  );
}
