/** What one migration does, as its layout reads it. */
export interface MigrationText {
  /** Code of the step up, without comments. */
  readonly up: string;
  /** Why there is no step down; null: there is one. */
  readonly lacks: string | null;
}

/** How a tool lays out migrations. All of it is text of others and read as such: nothing is run. */
export interface MigrationLayout {
  /** What the tool is called. */
  readonly title: string;
  /** Whether a file of this path, relative to the project, may be a step up. */
  fits(path: string): boolean;
  /** The file that holds the step down, if it is another one: of `beside`, the files of the same folder. */
  down?(path: string, beside: readonly string[]): string | null;
  /**
   * `down` is the text of that file: null where there is none, or the layout has none. null: the file is no migration of this
   * layout after all. Never throws.
   */
  read(text: string, down: string | null): MigrationText | null;
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether the file lies somewhere below a folder of one of these names. */
export function isBelow(path: string, folders: readonly string[]): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((part) => folders.includes(part.toLowerCase()));
}
