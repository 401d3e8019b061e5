/**
 * A Unix time in seconds or in milliseconds, as digits, in ISO-8601; undefined if it is neither. Writers of one format
 * disagree on the unit: 9 to 11 digits are seconds, 12 and 13 milliseconds.
 */
export function instantOfEpoch(digits: string | undefined): string | undefined {
  if (digits === undefined || !/^\d{9,13}$/.test(digits)) return undefined;
  const value = Number(digits);
  return new Date(value < 1e11 ? value * 1000 : value).toISOString();
}

/**
 * Milliseconds since 1970 in ISO-8601; undefined for those of the seventies, which are in another unit or stand for a time
 * that is not known, and for those behind the year 9999.
 */
export function instantOfMilliseconds(value: number | null | undefined): string | undefined {
  return value == null || !(value >= 1e11 && value < 253_402_300_800_000) ? undefined : new Date(value).toISOString();
}
