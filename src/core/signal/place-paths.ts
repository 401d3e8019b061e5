/** A path as a report writes it. */
export interface ReportedPath {
  /** Folder of the project that the report belongs to, with a slash at its end; empty for the project itself. */
  readonly folder: string;
  readonly path: string;
}

/** The files of a project. */
export interface ProjectPaths {
  readonly files: ReadonlySet<string>;
  /** Those in a folder whose path ends like this. */
  readonly endingIn: (ending: string) => readonly string[];
}

/** Longer ones name no file. */
const longestPath = 4096;

export function projectPaths(files: readonly string[]): ProjectPaths {
  let byEnding: ReadonlyMap<string, readonly string[]> | null = null;
  return {
    files: new Set(files),
    // Most reports name files in full: then it is never needed.
    endingIn: (ending) => (byEnding ??= filesByEnding(files)).get(ending) ?? [],
  };
}

function filesByEnding(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byEnding = new Map<string, string[]>();
  for (const file of files) {
    for (const ending of endingsOf(file)) {
      const known = byEnding.get(ending);
      if (known) known.push(file);
      else byEnding.set(ending, [file]);
    }
  }
  return byEnding;
}

/**
 * Finds the files of the project that paths of reports mean: none, one, or several if it cannot be told which. A relative path is
 * tried from the report's folder, from the project, and as the end of a path (JaCoCo leaves `src/main/java` away). Any other
 * path begins with a folder that only the machine of the report knows, or with the name of a module: that folder is the one
 * under which most of the `reported` paths are files of the project, and if several are, the shortest.
 */
export function placesOf(
  { files, endingIn }: ProjectPaths,
  reported: Iterable<ReportedPath>,
): (path: ReportedPath) => readonly string[] {
  const exact = ({ folder, path }: ReportedPath): string | undefined => {
    if (path.startsWith('/')) return undefined;
    return [folder + path, path].map(normalized).find((each) => each !== null && files.has(each)) ?? undefined;
  };
  const votes = new Map<string, number>();
  for (const each of reported) {
    const of = cleaned(each);
    if (of === null || exact(of) !== undefined) continue;
    for (const ending of endingsOf(of.path))
      if (files.has(ending)) {
        const root = rootOf(of.path, ending);
        votes.set(root, (votes.get(root) ?? 0) + 1);
      }
  }
  return (each) => {
    const of = cleaned(each);
    if (of === null) return [];
    const found = exact(of);
    if (found !== undefined) return [found];
    const fits = of.path.startsWith('/') ? [] : endingIn(of.path);
    const inFolder = fits.filter((file) => file.startsWith(of.folder));
    if (fits.length > 0) return inFolder.length > 0 ? inFolder : fits;
    let best: string | null = null;
    let most = 0;
    for (const ending of endingsOf(of.path)) {
      const count = votes.get(rootOf(of.path, ending)) ?? 0;
      if (count > most) [best, most] = [ending, count];
    }
    return best !== null && files.has(best) ? [best] : [];
  };
}

/** What stands behind each slash, longest first. */
function endingsOf(path: string): readonly string[] {
  const endings: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
    endings.push(path.slice(slash + 1));
  return endings;
}

function rootOf(path: string, ending: string): string {
  return path.slice(0, path.length - ending.length);
}

/** With slashes and without a scheme; null for what names no file. A path may begin with `../`. */
function cleaned({ folder, path }: ReportedPath): ReportedPath | null {
  if (path.length > longestPath) return null;
  const plain = path.replace(/^file:\/\//, '').replaceAll('\\', '/');
  // A drive is an absolute path too.
  const absolute = /^[A-Za-z]:\//.test(plain) ? `/${plain}` : plain;
  if (absolute.startsWith('../')) return normalized(folder + absolute) === null ? null : { folder, path: absolute };
  const direct = normalized(absolute);
  return direct === null ? null : { folder, path: direct };
}

/** Without `.`, `..` and empty parts; null if it leads out of where it starts. */
function normalized(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null;
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}
