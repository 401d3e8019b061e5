import { stripVTControlCharacters } from 'node:util';

/** More than any message that is kept: what lies behind is not looked at. */
const enough = 4000;

/** The start of a failure's text without the colours that tools print for terminals; undefined if nothing is left. */
export function plainMessage(text: string | null | undefined): string | undefined {
  return stripVTControlCharacters((text ?? '').slice(0, enough)).trim() || undefined;
}
