import type { Severity } from '../../../core/evidence/reading.ts';

/*
 * How the words of each format become ours. docs/reference/severities.md explains the tables; a test keeps both the
 * same. A word that is in no table is `unknown`, never the mildest one.
 */

export const severityWords = {
  eslint: { fatal: 'critical', '2': 'high', '1': 'medium' },
  'sarif-level': { error: 'high', warning: 'medium', note: 'low', none: 'info' },
  npm: { critical: 'critical', high: 'high', moderate: 'medium', low: 'low', info: 'info' },
  trivy: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', unknown: 'unknown' },
} as const satisfies Record<string, Readonly<Record<string, Severity>>>;

/** CVSS qualitative bands (the same in v3.1 and v4.0): lowest score of each, worst first. */
export const cvssBands = [
  [9, 'critical'],
  [7, 'high'],
  [4, 'medium'],
  [0.1, 'low'],
  [0, 'info'],
] as const satisfies readonly (readonly [number, Severity])[];

/** ESLint's number; a parse error is `fatal` whatever its number says. */
export function eslintSeverity(severity: number, fatal: boolean): Severity {
  return lookUp('eslint', fatal ? 'fatal' : String(severity));
}

/** SARIF `level`, any case. */
export function sarifLevelSeverity(level: string): Severity {
  return lookUp('sarif-level', level);
}

/** npm, pnpm and yarn advisories. */
export function npmSeverity(word: string): Severity {
  return lookUp('npm', word);
}

export function trivySeverity(word: string): Severity {
  return lookUp('trivy', word);
}

/** A CVSS base score, also as SARIF's `security-severity`; `unknown` outside 0 to 10. */
export function cvssSeverity(score: number): Severity {
  if (!(score >= 0 && score <= 10)) return 'unknown';
  // Scores have one decimal, yet 0.05 is still a severity: only 0 itself is none.
  return score > 0 && score < 0.1 ? 'low' : cvssBands.find(([from]) => score >= from)![1];
}

function lookUp(vocabulary: keyof typeof severityWords, word: string): Severity {
  const words: Readonly<Record<string, Severity>> = severityWords[vocabulary];
  const key = word.trim().toLowerCase();
  return Object.hasOwn(words, key) ? words[key]! : 'unknown';
}
