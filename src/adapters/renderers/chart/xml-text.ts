import { inline } from '../../../core/report/encode.ts';
import { entities } from '../../../core/report/entities.ts';

const written: Readonly<Record<string, string>> = {
  ...entities,
  // Characters that XML has no way to write.
  '\ufffe': '\\u{fffe}',
  '\uffff': '\\u{ffff}',
};

/** Text of an element or attribute of XML: nothing in it is markup, and no character survives that XML forbids. */
export function xmlText(text: string): string {
  return inline(text).replace(/[&<>"'\ufffe\uffff]/g, (character) => written[character]!);
}

/** A coordinate: at most two decimals. */
export function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** About how wide text is drawn, in halves of a wide character. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (character.codePointAt(0)! >= 0x1100 ? 2 : 1), 0);
}

/** Lines of at most `columns`, broken at spaces; a word that fits in none is cut. */
export function linesOf(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of inline(text)
    .split(' ')
    .map((each) => fitted(each, columns))) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The text, cut to a width with an ellipsis. */
export function fitted(text: string, columns: number): string {
  const safe = inline(text);
  if (width(safe) <= columns) return safe;
  const kept: string[] = [];
  let used = 1;
  for (const character of safe) {
    used += width(character);
    if (used > columns) break;
    kept.push(character);
  }
  return `${kept.join('')}…`;
}
