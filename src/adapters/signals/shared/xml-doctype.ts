import { char, incomplete, malformed } from './xml-text.ts';

/** Position of the `>` that ends the document type declaration whose content starts at `at`; its internal subset is not read. */
export function endOfDoctype(text: string, at: number): number {
  let end = at;
  while (end >= 0 && end < text.length) {
    const code = text.charCodeAt(end);
    if (code === char.greater) return end;
    if (code === char.openBracket) end = endOfSubset(text, end + 1);
    else if (code === char.quote || code === char.apostrophe) end = behind(text, text.charAt(end), end + 1);
    else end += 1;
  }
  return end === malformed ? malformed : incomplete;
}

/** Position behind the `]` that ends the internal subset from `at` on. */
function endOfSubset(text: string, at: number): number {
  let end = at;
  while (end >= 0 && end < text.length) {
    const code = text.charCodeAt(end);
    if (code === char.closeBracket) return end + 1;
    if (code === char.quote || code === char.apostrophe) end = behind(text, text.charAt(end), end + 1);
    else if (code !== char.less) end = behindPlain(text, end);
    else if (text.startsWith('<!--', end)) {
      end = behind(text, '--', end + 4);
      if (end !== incomplete && end < text.length && text.charCodeAt(end) !== char.greater) return malformed;
    } else if (text.startsWith('<?', end)) end = behind(text, '?>', end + 2);
    // What stands right behind these is neither a quote nor a bracket that counts.
    else end += text.startsWith('<!-', end) ? 4 : text.startsWith('<!', end) ? 3 : 2;
  }
  return end === malformed ? malformed : incomplete;
}

const plain = /[^\]"'<]+/y;

function behindPlain(text: string, at: number): number {
  plain.lastIndex = at;
  return plain.test(text) ? plain.lastIndex : at;
}

/** Position behind `what`, from `at` on. */
function behind(text: string, what: string, at: number): number {
  const found = text.indexOf(what, at);
  return found === -1 ? incomplete : found + what.length;
}
