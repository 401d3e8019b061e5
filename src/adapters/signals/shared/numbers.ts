import { AqeError } from '../../../core/error/aqe-error.ts';

/**
 * A non-negative integer from a report's text.
 * @throws AqeError AQE2003 for anything else, `NaN`, `1e9`, `-1` and the empty string among them.
 */
export function wholeNumber(text: string, what: string, path: string): number {
  if (!/^\s*\d{1,15}\s*$/.test(text)) throw new AqeError('AQE2003', `${what} is ${JSON.stringify(text.slice(0, 40))}, not a whole number`, { path });
  return Number(text);
}

/** Seconds from a report's text, thousands separators allowed (`1,234.5`); null if it is not a finite non-negative number. */
export function seconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text.replace(/(\d),(?=\d{3}\b)/g, '$1'));
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : null;
}
