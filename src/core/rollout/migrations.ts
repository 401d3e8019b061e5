import { plural } from '../signal/format.ts';
import { codeLayouts } from './code-migrations.ts';
import { lossesOf, type Loss } from './destructive.ts';
import { liquibase } from './liquibase.ts';
import { folderOf, type MigrationLayout } from './migration-layout.ts';
import { fallbackLayouts, isDownFile, sqlLayouts } from './sql-migrations.ts';

/** What becomes of a file when it is to be read; `problem` says why it cannot be, in words of ours. */
export type FileText = { readonly text: string } | { readonly problem: string };

/** A file of the release that may be a migration. */
export interface MigrationCandidate {
  readonly path: string;
  readonly change: 'added' | 'changed';
}

export interface Migration extends MigrationCandidate {
  /** What it is written for. */
  readonly tool: string;
  /** `unknown`: the file cannot be read. That is no down step. */
  readonly downStep: 'present' | 'missing' | 'unknown';
  /** Why it is not present; empty where it is. */
  readonly because: string;
  /** What the step up takes away for good. */
  readonly losses: readonly Loss[];
}

/** The migrations of a release; null: it is not known which files the release adds or changes, and why. */
export type Migrations =
  | {
      readonly known: true;
      readonly migrations: readonly Migration[];
      /** Files beyond those that are looked at. */ readonly left: number;
    }
  | { readonly known: false; readonly because: string };

/** Marks in the text first: a file of a known tool may lie in a folder of any name. */
const layouts: readonly MigrationLayout[] = [...liquibase, ...sqlLayouts, ...codeLayouts, ...fallbackLayouts];

/** Folders of other people's code, and of tests. */
const foreign = /(?:^|\/)(?:node_modules|vendor|bower_components|site-packages|\.venv|venv)\//;

/** Whether the path alone speaks for a migration. SQL outside of such folders is looked at: marks in the text may make it one. */
export function isCandidate(path: string): boolean {
  return !foreign.test(path) && !isDownFile(path) && layouts.some((layout) => layout.fits(path));
}

/** Folders whose files have to be known to find the steps down that lie in files of their own. */
export function foldersBeside(candidates: readonly MigrationCandidate[]): readonly string[] {
  const folders = candidates
    .filter(({ path }) => layouts.some((layout) => layout.down !== undefined && layout.fits(path)))
    .map(({ path }) => folderOf(path));
  return [...new Set(folders)].filter((folder) => folder !== '').sort();
}

/** Files with a step down that belong to a candidate. `beside` are the files of the release in its folder. */
export function downFilesOf(path: string, beside: readonly string[]): readonly string[] {
  return layouts.flatMap((layout) => (layout.fits(path) ? (layout.down?.(path, beside) ?? []) : []));
}

/** What a candidate is; null: no migration. `textOf` answers for the candidate and its `downFilesOf`. */
export function migrationOf(
  candidate: MigrationCandidate,
  beside: readonly string[],
  textOf: (path: string) => FileText,
): Migration | null {
  const { path } = candidate;
  const fitting = layouts.filter((layout) => layout.fits(path));
  const own = textOf(path);
  if ('problem' in own) {
    const [first] = fitting;
    return first ? { ...candidate, tool: first.title, downStep: 'unknown', because: own.problem, losses: [] } : null;
  }
  for (const layout of fitting) {
    const file = layout.down?.(path, beside) ?? null;
    const down = file === null ? null : textOf(file);
    const isLost = down !== null && 'problem' in down;
    const read = layout.read(own.text, down === null || isLost ? null : down.text);
    if (read === null) continue;
    const because = isLost ? `its file with the down step: ${down.problem}` : (read.lacks ?? '');
    return {
      ...candidate,
      tool: layout.title,
      downStep: because === '' ? 'present' : isLost ? 'unknown' : 'missing',
      because,
      losses: lossesOf(read.up),
    };
  }
  return null;
}

/** The line of the plan about them. Whether a step down works is not known: nothing was run. */
export function migrationWords(found: Migrations): string {
  if (!found.known) return `not known: ${found.because}`;
  const { migrations, left } = found;
  const more = left > 0 ? `; ${plural(left, 'more file')} not looked at` : '';
  if (migrations.length === 0) return left > 0 ? `not known${more}` : 'no migrations found in this release';
  const present = migrations.filter(({ downStep }) => downStep === 'present').length;
  const word =
    present === 0 ? 'Not reversible' : present < migrations.length || left > 0 ? 'Partly reversible' : 'Reversible';
  return `${word} - ${present} of ${migrations.length} have a down step${more}`;
}
