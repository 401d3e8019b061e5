/** Exit statuses of every command (docs/reference/cli.md). */
export const exitMeanings = {
  0: 'approved, or the command did its work',
  1: 'blocked, or rolled back; with --strict also approved with warnings',
  2: 'usage, config or internal error: nothing was decided',
  3: 'inconclusive: evidence is missing, stale or unreadable',
  4: 'waiting: an approval is pending, or changes are frozen',
  130: 'interrupted',
} as const;

export function meaningOf(code: number): string {
  return exitMeanings[code as keyof typeof exitMeanings] ?? 'unknown';
}
