import { folderOf } from './change-metrics.ts';
import { isPackageManifest } from './manifests.ts';

interface Modules {
  readonly names: ReadonlySet<string>;
  /** The module a path belongs to, whether or not a file is there; null if it belongs to none. */
  of(path: string): string | null;
}

/** Folders that hold modules side by side. */
const sourceRoots = new Set(
  'src lib libs app apps packages services modules components crates cmd internal pkg plugins projects'.split(' '),
);
/** Manifests below these are not packages of the project. */
const foreignFolders = new Set('node_modules vendor third_party fixtures __fixtures__ testdata'.split(' '));

/**
 * With two or more package manifests a module is a folder that holds one, and a file belongs to the deepest of them.
 * Otherwise modules are the first-level folders below `src`, `lib`, `packages` …, or, without any of these, the
 * first-level folders of the project. A project without folders is one module, `.`.
 */
export function modulesOf(files: Iterable<string>): Modules {
  const paths = [...files];
  const packages = new Set(paths.filter((path) => isPackageManifest(path) && !isForeign(path)).map(folderOf));
  if (packages.size > 1) return { names: packages, of: (path) => deepest(packages, path) };
  const tops = new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/', 1)[0] ?? ''));
  if (tops.size === 0) return modulesBy(paths, () => '.');
  if (![...tops].some((top) => sourceRoots.has(top))) return modulesBy(paths, firstLevel);
  return modulesBy(paths, belowSourceRoot);
}

function modulesBy(paths: readonly string[], nameOf: (path: string) => string | null): Modules {
  const names = new Set(paths.map(nameOf).filter((name) => name !== null));
  const of = (path: string): string | null => {
    const name = nameOf(path);
    return name !== null && names.has(name) ? name : null;
  };
  return { names, of };
}

function firstLevel(path: string): string | null {
  return path.includes('/') ? (path.split('/', 1)[0] ?? null) : null;
}

function belowSourceRoot(path: string): string | null {
  const [top = '', second = '', ...rest] = path.split('/', 3);
  if (!sourceRoots.has(top) || second === '') return null;
  return rest.length > 0 ? `${top}/${second}` : top;
}

function deepest(folders: ReadonlySet<string>, path: string): string | null {
  for (let folder = folderOf(path); folder !== '.'; folder = folderOf(folder)) if (folders.has(folder)) return folder;
  return folders.has('.') ? '.' : null;
}

function isForeign(path: string): boolean {
  return path.split('/').some((segment) => foreignFolders.has(segment));
}
