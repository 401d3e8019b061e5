/** One file of a change. A rename counts as one file, at its new path. */
export interface ChangedFile {
  readonly path: string;
  /** Where a renamed file was before. */
  readonly from?: string;
  readonly added: number;
  readonly deleted: number;
  readonly binary: boolean;
}

/**
 * Shannon entropy (base 2) of changed lines over the files that have any, divided by log2 of the number of these files
 * (Hassan 2009, normalised): 0 for fewer than two files, 1 if all have as many.
 */
export function changeEntropy(files: Iterable<ChangedFile>): number {
  const sizes = [...files].map((file) => file.added + file.deleted).filter((size) => size > 0);
  if (sizes.length < 2) return 0;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const bits = sizes.reduce((sum, size) => sum - (size / total) * Math.log2(size / total), 0);
  return Math.min(1, bits / Math.log2(sizes.length));
}

/** Folders with a changed file, `.` being the project itself. A rename touches both of its folders. */
export function changedFolders(files: Iterable<ChangedFile>): ReadonlySet<string> {
  return new Set([...pathsOf(files)].map(folderOf));
}

/** Every path that a change touches. */
export function* pathsOf(files: Iterable<ChangedFile>): Generator<string> {
  for (const { path, from } of files) {
    yield path;
    if (from !== undefined) yield from;
  }
}

/** `.` for a file of the project folder itself. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** Whole days from one time to another, 0 if it is not later. */
export function wholeDays(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000));
}
