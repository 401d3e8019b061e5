const changelogName = /^(?:changelog|changes|history)(?:[-_.][\w.-]*)?$/i;
const extension = /\.([a-z]+)$/i;
const textExtensions = new Set(['md', 'markdown', 'mdx', 'txt', 'rst', 'adoc', 'asciidoc', 'org', 'html']);

/** A changelog stands in the project folder itself and is text: `CHANGELOG.md`, `CHANGES`, `HISTORY.rst`, not `history.ts`. */
export function isChangelog(path: string): boolean {
  if (!changelogName.test(path)) return false;
  const suffix = extension.exec(path)?.[1];
  return suffix === undefined || textExtensions.has(suffix.toLowerCase());
}

/** True if the text names the version itself, not a longer one (`1.2.0` is not in `1.2.0-rc.1` nor in `11.2.0`). */
export function namesVersion(text: string, version: string): boolean {
  const bare = version.replace(/^v(?=\d)/i, '');
  if (bare === '') return false;
  for (let at = text.indexOf(bare); at >= 0; at = text.indexOf(bare, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at).replace(/(?<![\w.])v$/i, '');
    const after = text.slice(at + bare.length, at + bare.length + 2);
    if (!/[\w.]$/.test(before) && !/^(?:\w|[-.+]\w)/.test(after)) return true;
  }
  return false;
}
