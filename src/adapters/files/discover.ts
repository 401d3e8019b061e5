import type { SignalReader } from '../../ports/signal-reader.ts';
import type { Discovery, EvidenceLimits } from '../../ports/evidence-files.ts';
import { knowsName } from './choose-reader.ts';
import { compileGlob, type Glob } from './glob.ts';
import { baseName, byPath, escapeControl, hasControl } from './path-text.ts';
import { walk, walkBounds, type SpecialKind, type Visitor, type WalkBounds } from './walk.ts';

/** Folders in which tools leave reports under any name; compared in lower case. */
const reportFolders: ReadonlySet<string> = new Set(
  [
    'report reports evidence quality artifacts .scannerwork test-results test-result test-reports',
    'test-report test-output testresults testreports test_results test_reports junit surefire-reports',
    'failsafe-reports cucumber-reports playwright-report mochawesome-report jest-report allure-results',
    'coverage coverage-reports scan-results scan-reports security-reports security-results sarif',
    'pit-reports load-results',
  ].flatMap((names) => names.split(' ')),
);

const evidenceExtensions: ReadonlySet<string> = new Set(
  '.xml .json .info .sarif .lcov .csv .jtl .trx .tap .ndjson .jsonl .txt'.split(' '),
);

/** Pages and their parts lie next to reports and are never read as one, whatever they are called. */
const pageExtensions: ReadonlySet<string> = new Set('.html .htm .css .js .mjs .map .png .svg'.split(' '));

const reasonOf: Readonly<Record<SpecialKind, string>> = {
  link: 'it is a symbolic link, which discovery does not follow',
  device: 'it is a pipe, a socket or a device',
};

/** Paths that are kept for one glob at most. */
const findLimit = 1000;

interface Options {
  readonly exclude: readonly string[];
  readonly limits: Pick<EvidenceLimits, 'maxFiles'>;
  readonly find?: readonly string[];
}

/** See the port. @throws AqeError AQE1008 if the root cannot be read. */
export async function discover(
  root: string,
  readers: readonly SignalReader[],
  { exclude, limits, find = [] }: Options,
  bounds: WalkBounds = walkBounds,
): Promise<Discovery> {
  const candidates: Discovery['candidates'][number][] = [];
  const skipped: Discovery['skipped'][number][] = [];
  const found = new Map(find.map((glob): [string, string[]] => [glob, []]));
  const finders = [...found].map(([glob, paths]) => finder(compileGlob(glob), paths));
  await walk(root, [collector(readers, exclude, limits, candidates, skipped), ...finders], bounds);
  return {
    candidates: candidates.sort(byPath),
    skipped: skipped.sort(byPath),
    found: Object.fromEntries([...found].map(([glob, paths]) => [glob, paths.sort().slice(0, findLimit)])),
  };
}

/** Collects what may be evidence. */
function collector(
  readers: readonly SignalReader[],
  exclude: Options['exclude'],
  limits: Options['limits'],
  candidates: Discovery['candidates'][number][],
  skipped: Discovery['skipped'][number][],
): Visitor {
  const reasonFor = candidateRule(readers);
  const leftOut = exclusion(exclude);
  const skip = (path: string, reason: string): void => void skipped.push({ path, reason });
  return {
    enters: (folder) => !leftOut(folder),
    names: () => false,
    file(path) {
      const because = reasonFor(path);
      if (because === null || leftOut(path)) return true;
      if (hasControl(path)) skip(escapeControl(path), 'the name of the file has control characters');
      else if (candidates.length < limits.maxFiles) candidates.push({ path, because });
      else {
        skip('.', `more than ${limits.maxFiles} files that may be evidence: the rest was not looked at`);
        return false;
      }
      return true;
    },
    special(path, kind) {
      const isReportFolder = kind === 'link' && reportFolders.has(baseName(path).toLowerCase());
      if (leftOut(path) || !(isReportFolder || reasonFor(path) !== null)) return;
      skip(escapeControl(path), reasonOf[kind]);
    },
    skipped: skip,
  };
}

/** Collects what matches a glob. What is left out otherwise is searched if the glob spells it out. */
function finder(glob: Glob, found: string[]): Visitor {
  return {
    enters: (folder) => glob.mayMatchBelow(folder),
    names: (folder) => glob.literalStart.startsWith(`${folder}/`),
    file(path) {
      if (glob.matches(path) && !hasControl(path)) found.push(path);
      return true;
    },
    special: () => undefined,
    skipped: () => undefined,
  };
}

function candidateRule(readers: readonly SignalReader[]): (path: string) => 'name' | 'folder' | null {
  return (path) => {
    const name = baseName(path);
    const extension = /\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? '';
    if (/(?:^|\.)aqe-evidence\.json$/.test(name) || pageExtensions.has(extension)) return null;
    if (readers.some((reader) => knowsName(reader, name))) return 'name';
    if (!evidenceExtensions.has(extension)) return null;
    const folders = path.split('/').slice(0, -1);
    return folders.some((folder) => reportFolders.has(folder.toLowerCase())) ? 'folder' : null;
  };
}

/** A glob that matches a folder, or everything in it (`folder/**`), leaves the folder out as a whole. */
function exclusion(patterns: readonly string[]): (path: string) => boolean {
  const globs: Glob[] = patterns.flatMap((pattern) => [pattern, pattern.replace(/\/\*\*\/?$/, '')]).map(compileGlob);
  return (path) => globs.some((glob) => glob.matches(path));
}
