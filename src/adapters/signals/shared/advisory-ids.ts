/**
 * Identifiers of one finding without blanks and repetitions: CVEs first, then GHSAs, then the rest as they come. A finding
 * that has none is known by `otherwise`, if that is given.
 */
export function advisoryIds(candidates: readonly (string | null | undefined)[], otherwise?: string): readonly string[] {
  const seen = new Map<string, string>();
  for (const candidate of candidates) {
    const id = candidate?.trim();
    if (id && !seen.has(id.toUpperCase())) seen.set(id.toUpperCase(), id);
  }
  if (seen.size === 0 && otherwise !== undefined) return [otherwise];
  const of = (rank: number): readonly string[] => [...seen].flatMap(([key, id]) => (rankOf(key) === rank ? [id] : []));
  return [...of(0), ...of(1), ...of(2)];
}

function rankOf(id: string): number {
  if (id.startsWith('CVE-')) return 0;
  return id.startsWith('GHSA-') ? 1 : 2;
}

/** CVE and GHSA ids that stand in a text, an address for instance. */
export function advisoryIdsIn(text: string): readonly string[] {
  return text.match(/CVE-\d{4}-\d{4,19}|GHSA(?:-[0-9a-z]{4}){3}/gi) ?? [];
}
