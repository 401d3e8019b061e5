/** `count(PATH)` of an XPath; null for any other path. */
export function countedPath(path: string): string | null {
  return /^\s*count\s*\(([^]*)\)\s*$/.exec(path)?.[1]?.trim() ?? null;
}
