import { inline } from './encode.ts';

/**
 * CSV of RFC 4180: lines end in CR LF, a field is quoted where it has to be. No control character survives (see `inline`),
 * and a field that a spreadsheet would take for a formula gets an apostrophe in front (OWASP ASVS 1.2.10).
 */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

export function csvField(text: string): string {
  // The wide forms are the same characters to a spreadsheet that was set to East Asian text.
  const safe = `${/^[=+\-@\t\r\0＝＋－＠]/.test(text) ? "'" : ''}${inline(text)}`;
  return /[",]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
