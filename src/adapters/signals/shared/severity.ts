import type { Severity } from '../../../core/evidence/reading.ts';
import type { SeverityTable } from '../../../ports/signal-reader.ts';

/** CVSS qualitative bands (the same in v3.1 and v4.0): lowest score of each, worst first. */
export const cvssBands = [
  [9, 'critical'],
  [7, 'high'],
  [4, 'medium'],
  [0.1, 'low'],
  [0, 'info'],
] as const satisfies readonly (readonly [number, Severity])[];

/** A CVSS base score, also as SARIF's `security-severity`; `unknown` outside 0 to 10. */
export function cvssSeverity(score: number): Severity {
  if (!(score >= 0 && score <= 10)) return 'unknown';
  // Scores have one decimal, yet 0.05 is still a severity: only 0 itself is none.
  return score > 0 && score < 0.1 ? 'low' : cvssBands.find(([from]) => score >= from)![1];
}

/** A score that a report states; null for one that is none. */
export function statedScore(score: number | null | undefined): number | null {
  return score != null && score >= 0 && score <= 10 ? score : null;
}

/** The place of a tool's word in its table, in any case; `unknown` for a word that is missing or not in it. */
export function severityIn({ words }: SeverityTable, word: string | null | undefined): Severity {
  const key = word?.trim().toLowerCase() ?? '';
  return Object.hasOwn(words, key) ? words[key]! : 'unknown';
}
