import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AqeError } from '../core/error/aqe-error.ts';

const configName = 'aqe-deploy.yaml';

export interface Located {
  /** The project folder, absolute and without links: evidence, state and change are looked for below it. */
  readonly project: string;
  /** The config file, absolute; null when there is none. */
  readonly config: string | null;
}

/**
 * The project is the folder that was asked for; else the nearest folder upward, as far as the repository's root, that has
 * a config; else the repository's root; else the current folder.
 * @throws AqeError AQE1008, AQE1005.
 */
export function locate(options: {
  readonly cwd: string;
  readonly project?: string;
  readonly config?: string;
}): Located {
  const start = folder(options.project === undefined ? options.cwd : resolve(options.cwd, options.project));
  const upward = foldersUpTo(start);
  const found = upward.map((each) => join(each, configName)).find((file) => existsSync(file));
  const config = options.config === undefined ? (found ?? null) : resolve(options.cwd, options.config);
  if (options.project !== undefined) return { project: start, config };
  const root = found ? dirname(found) : (upward.find((each) => existsSync(join(each, '.git'))) ?? start);
  return { project: root, config };
}

/**
 * Where the config file of a project may stand in its repository, relative to the project, the nearest first: the file
 * that is there, and every place above it in which one would be found without it. Empty for a file outside the repository,
 * and without one.
 */
export function configPlaces({ project, config }: Located): readonly string[] {
  const folders = foldersUpTo(project);
  const root = folders.at(-1)!;
  if (!existsSync(join(root, '.git'))) return [];
  const all = folders.map((each) => join(each, configName));
  const file = config === null ? null : withoutLinks(config);
  if (file !== null && (relative(root, file).startsWith('..') || isAbsolute(relative(root, file)))) return [];
  const places = file === null ? all : [file, ...all.slice(all.indexOf(file) + 1)];
  return places.map((each) => relative(project, each).split(sep).join('/'));
}

/** The file where its folder really is: the project is named without links too. */
function withoutLinks(file: string): string {
  try {
    return join(realpathSync(dirname(file)), basename(file));
  } catch {
    // No such folder: whoever reads the file says so.
    return file;
  }
}

function folder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch (cause) {
    throw new AqeError('AQE1008', 'there is no such folder, or it may not be read', { path }, cause);
  }
  throw new AqeError('AQE1008', 'it is not a folder', { path });
}

/** The folder and its parents up to the repository's root; only the folder itself outside a repository. */
function foldersUpTo(start: string): readonly string[] {
  const all: string[] = [];
  for (let at = start; ; at = dirname(at)) {
    all.push(at);
    if (existsSync(join(at, '.git'))) return all;
    if (dirname(at) === at) return [start];
  }
}

/** Whether a file is there under the name. @throws AqeError AQE1005 where that cannot be seen. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Nothing can have such a name.
    if (code === 'ENAMETOOLONG') return false;
    throw new AqeError('AQE1005', code ?? 'unknown reason', { path: path.slice(0, 200) }, cause);
  }
}

/** @throws AqeError AQE1005. */
export function readConfigText(path: string): string {
  try {
    if (!statSync(path).isFile()) throw new AqeError('AQE1005', 'it is not a regular file', { path });
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof AqeError) throw cause;
    throw new AqeError('AQE1005', (cause as NodeJS.ErrnoException).code ?? 'unknown reason', { path }, cause);
  }
}

/** The name in package.json, else the folder's name. */
export function inferService(project: string): string {
  try {
    const name: unknown = (JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { name?: unknown }).name;
    if (typeof name === 'string' && name.length > 0 && name.length <= 200) return name;
  } catch {
    // No package.json, or one that is not ours to judge: the folder's name serves.
  }
  return basename(project) || 'service';
}
