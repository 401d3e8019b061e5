import { AqeError } from '../../../core/error/aqe-error.ts';

/**
 * A non-negative integer from a report's text.
 * @throws AqeError AQE2003 for anything else, `NaN`, `1e9`, `-1` and the empty string among them.
 */
export function wholeNumber(text: string, what: string, path: string, line?: number): number {
  if (!/^\s*\d{1,12}\s*$/.test(text)) refuse(text, what, 'a whole number', path, line);
  return Number(text);
}

/** A number of 0 or more from a report's text, without sign and exponent; null for anything else, and for a longer one than tools write. */
export function plainNumber(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,12}(?:\.\d{1,20})?\s*$/.test(text) ? Number(text) : null;
}

/**
 * Whether a hit count says "executed". Counts may be of any size and may be written as a float (`1.8e+19`).
 * @throws AqeError AQE2003 for a negative count and for anything that is no number.
 */
export function isHit(text: string, what: string, path: string, line?: number): boolean {
  if (!/^\s*\d+(?:\.\d+)?(?:[eE]\+?\d+)?\s*$/.test(text)) refuse(text, what, 'a hit count', path, line);
  return /^[^eE]*[1-9]/.test(text);
}

/**
 * Seconds from a report's text; null if it is not a finite non-negative number. Both separators of thousands and of
 * decimals are read: `1,234.5`, `1.234,5` and `0,25`. A lone comma before three digits groups, unless a zero leads.
 */
export function seconds(text: string | undefined): number | null {
  const plain = text?.trim();
  if (!plain) return null;
  const value = Number(plain.includes(',') ? withPoint(plain) : plain);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

function withPoint(text: string): string {
  if (/^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(text)) return text.replaceAll(',', '');
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
  return /^\d+,\d+$/.test(text) ? text.replace(',', '.') : text;
}

function refuse(text: string, what: string, expected: string, path: string, line: number | undefined): never {
  throw new AqeError('AQE2003', `${what} is ${JSON.stringify(text.slice(0, 40))}, not ${expected}`, { path, line });
}
