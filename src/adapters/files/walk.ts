import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { AqeError } from '../../core/error/aqe-error.ts';
import { errorCode, escapeControl, hasControl } from './path-text.ts';

/** What a walk is asked to do with what it meets. Paths are relative to the root, with forward slashes. */
export interface Visitor {
  /** False: the folder is left out, and so is all below it. */
  enters(folder: string): boolean;
  /** True: the folder is read although it is of a kind that is left out otherwise. */
  names(folder: string): boolean;
  /** A regular file. False ends the walk for this visitor. */
  file(path: string): boolean;
  /** Anything that is neither folder nor regular file. */
  special(path: string, kind: SpecialKind): void;
  /** A place that was not looked at, with the reason. */
  skipped(path: string, reason: string): void;
}

/** `link`: symbolic, to whatever; `device`: pipes and sockets as well. */
export type SpecialKind = 'link' | 'device';

export interface WalkBounds {
  readonly depth: number;
  readonly entries: number;
}

export const walkBounds: WalkBounds = { depth: 64, entries: 2_000_000 };

/** A folder with this file is a project of its own: what lies there is evidence for that one. */
const projectFile = 'aqe-deploy.yaml';

/** Folders of other people's files, of caches and of test data: reports in them do not speak about this project. */
const foreign: ReadonlySet<string> = new Set(
  [
    '.git .hg .svn .agentic-qe .stryker-tmp node_modules bower_components vendor .yarn .venv venv',
    '__pycache__ .tox .nox fixtures __fixtures__ testdata',
  ].flatMap((names) => names.split(' ')),
);

/** A folder to be read, and who wants to see it. */
interface Stop {
  readonly folder: string;
  readonly visitors: readonly Visitor[];
}

/** Folders read at the same time. */
const batchSize = 32;

interface Listing extends Stop {
  readonly depth: number;
  readonly entries: readonly Entry[];
  readonly problem?: string;
}

interface Entry {
  readonly name: string;
  readonly kind: 'folder' | 'file' | SpecialKind;
}

/**
 * Visits the files below `root`, folders near the root first, in an order that does not depend on the disk. Each visitor
 * sees what it would see alone; a folder that several want is read once.
 * Follows no links, never throws for what lies below the root, ends on every tree.
 * @throws AqeError AQE1008 if the root itself cannot be read.
 */
export async function walk(root: string, visitors: readonly Visitor[], bounds: WalkBounds = walkBounds): Promise<void> {
  let left = bounds.entries;
  const done = new Set<Visitor>();
  let queue: readonly Stop[] = [{ folder: '', visitors }];
  for (let depth = 0; queue.length > 0; depth += 1) {
    const below: Stop[] = [];
    for (let at = 0; at < queue.length; at += batchSize) {
      const share = Math.max(left, 0);
      const listings = await Promise.all(queue.slice(at, at + batchSize).map((stop) => list(root, stop, depth, share)));
      for (const listing of listings) {
        left -= listing.entries.length;
        const waiting = listing.visitors.filter((visitor) => !done.has(visitor));
        if (left < 0) {
          const reason = `more than ${bounds.entries} entries: the rest was not looked at`;
          for (const visitor of visitors) if (!done.has(visitor)) visitor.skipped('.', reason);
          return;
        }
        visit({ ...listing, visitors: waiting }, bounds, below, done);
      }
    }
    queue = below;
    if (done.size === visitors.length) return;
  }
}

/** Reads at most `limit` entries and one, so that a folder of millions does not fill the memory. */
async function list(root: string, stop: Stop, depth: number, limit: number): Promise<Listing> {
  const { folder } = stop;
  const entries: Entry[] = [];
  try {
    for await (const entry of await opendir(join(root, folder), { bufferSize: 256 })) {
      if (entry.isDirectory()) entries.push({ name: entry.name, kind: 'folder' });
      else if (entry.isFile()) entries.push({ name: entry.name, kind: 'file' });
      else entries.push({ name: entry.name, kind: entry.isSymbolicLink() ? 'link' : 'device' });
      if (entries.length > limit) break;
    }
  } catch (cause) {
    const problem = `the folder cannot be read (${errorCode(cause) ?? 'unknown error'})`;
    if (folder === '') throw new AqeError('AQE1008', problem, { path: escapeControl(root) }, cause);
    return { ...stop, depth, entries: [], problem };
  }
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { ...stop, depth, entries };
}

function visit(listing: Listing, bounds: WalkBounds, below: Stop[], done: Set<Visitor>): void {
  const { folder, depth, entries, problem } = listing;
  const isProject = depth > 0 && entries.some((entry) => entry.kind === 'file' && entry.name === projectFile);
  const wanted = new Map<string, Visitor[]>();
  for (const visitor of listing.visitors) {
    if (problem !== undefined) visitor.skipped(folder, problem);
    if (isProject && !visitor.names(folder))
      visitor.skipped(folder, `the folder is a project of its own: it has a file ${projectFile}`);
    else if (!show(listing, visitor, bounds, wanted)) done.add(visitor);
  }
  for (const { name } of entries) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const visitors = wanted.get(path);
    if (visitors) below.push({ folder: path, visitors });
  }
}

/** Shows one visitor a folder and notes in `wanted` which folders below it wants to see. False if it has seen enough. */
function show(
  { folder, depth, entries }: Listing,
  visitor: Visitor,
  bounds: WalkBounds,
  wanted: Map<string, Visitor[]>,
): boolean {
  for (const { name, kind } of entries) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind === 'file') {
      if (!visitor.file(path)) return false;
    } else if (kind !== 'folder') visitor.special(path, kind);
    else if (!entersFolder(name, path, visitor)) continue;
    else if (depth + 1 > bounds.depth) visitor.skipped(path, `more than ${bounds.depth} folders deep`);
    else wanted.set(path, [...(wanted.get(path) ?? []), visitor]);
  }
  return true;
}

function entersFolder(name: string, path: string, visitor: Visitor): boolean {
  if (foreign.has(name) && !visitor.names(path)) return false;
  if (!visitor.enters(path)) return false;
  if (!hasControl(name)) return true;
  visitor.skipped(escapeControl(path), 'the name of the folder has control characters');
  return false;
}
