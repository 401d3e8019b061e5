const ids = new Set(['F0001', 'F0002', 'F0010', 'E0001']);
const symbols = new Set(['fatal', 'astroid-error', 'parse-error', 'syntax-error']);

/** Whether a message says that Pylint could not look into the module: not found, not parsed, or a crash. */
export function isNotAnalysed(id: string | null | undefined, symbol: string | null | undefined): boolean {
  return ids.has(id ?? '') || symbols.has(symbol ?? '');
}
