/**
 * Characters that change how a terminal or a log shows the text around them: C0, DEL and C1 controls, line and
 * paragraph separators, and marks that reverse the direction of writing.
 */
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

export function hasControl(text: string): boolean {
  return text.search(control) >= 0;
}

/** The text with every control character written as `\uXXXX`, safe to print on one line. */
export function escapeControl(text: string): string {
  return text.replace(control, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Order of paths in everything this adapter returns: by code unit, the same on every machine. */
export function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  if (one.path === other.path) return 0;
  return one.path < other.path ? -1 : 1;
}

/** The part after the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Code of a system error such as `ENOENT`; undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
