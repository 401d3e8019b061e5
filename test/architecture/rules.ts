import { cyclesIn, loadedWith, type Import, type Module, type ModuleGraph } from './module-graph.ts';

/** Each rule gives what breaks it, one line a violation that starts with the module. */
export type Rule = (graph: ModuleGraph) => readonly string[];

/** The layers, each with the places it may import from. A place is the start of a path. */
const layers: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  ports: ['core', 'ports'],
  app: ['core', 'ports', 'app'],
  // Between adapters `adapterReach` decides.
  adapters: ['core', 'ports', 'adapters'],
  config: ['core', 'ports', 'config'],
  surfaces: ['core', 'ports', 'app', 'config', 'adapters/renderers', 'surfaces'],
  wiring: ['core', 'ports', 'app', 'config', 'adapters', 'surfaces', 'wiring'],
  'main.ts': ['wiring', 'surfaces'],
};

/** Files outside src that a module may import. */
const outside: Readonly<Record<string, string>> = { 'surfaces/cli/own-version.ts': '../package.json' };

/** Modules that may start child processes, and those that may touch files. A name that ends in a slash is a folder. */
const startsProcesses = ['adapters/process/', 'adapters/files/reading-threads.ts', 'wiring/reading-thread.ts'];
const touchesFiles = [
  'adapters/audit/',
  'adapters/files/',
  'adapters/history/history-files.ts',
  'adapters/stores/',
  'adapters/system/clock.ts',
  'adapters/attest/',
  'config/locate.ts',
  'config/read-keys.ts',
  // Looks a program up on the PATH.
  'adapters/process/find-program.ts',
  // Resolves links of the project folder, as git does.
  'adapters/sources/git/repository.ts',
];

/** Readers of hostile reports, and the packages they may use: all of them turn text into values and do nothing else. */
const readers = 'adapters/signals/';
const parsers = ['zod/mini', 'zod/locales', 'json-p3', 'node:util'];

/** Packages that are slow to load, and modules that must not bring one along: a command that needs none must not wait for it. */
const loadedOnUse: readonly { readonly with: readonly string[]; readonly packages: readonly string[] }[] = [
  {
    with: ['main.ts'],
    packages: ['commander', 'zod', 'saxes', 'yaml', 'kysely', 'pg', 'nodemailer', 'json-p3', 'node:sqlite'],
  },
  {
    with: ['wiring/run.ts'],
    packages: ['commander', 'zod', 'saxes', 'yaml', 'kysely', 'pg', 'nodemailer', 'json-p3', 'node:sqlite'],
  },
  {
    with: ['wiring/workspace.ts'],
    packages: ['yaml', 'kysely', 'pg', 'nodemailer', 'json-p3', 'rrule-temporal', 'temporal-polyfill', 'node:sqlite'],
  },
  { with: ['surfaces/cli/commands/history.ts'], packages: ['d3-scale', 'd3-shape'] },
];

/** Adapters of which the whole folder is one product. */
const wholeFamilies = ['attest', 'files', 'history', 'http', 'process', 'system'];

/** Products an adapter may use beside its own. */
const lends: Readonly<Record<string, readonly string[]>> = {
  'sources/git': ['process'],
  // Opens files with the same care as evidence, and reads CSV and JSON with the sessions of the report readers.
  history: ['files', 'signals/shared'],
};

/** SQL that every database of the family shares stands beside the products' folders. */
const sharedFiles = [
  'stores/migrations',
  'stores/schema',
  'stores/seal',
  'stores/sql-check',
  'stores/sql-store',
  'stores/sql-transfer',
];

export const rules = {
  'a layer imports only what lies to its left': (graph) =>
    importsThat(graph, ({ path }, { target }) => target !== null && !reaches(path, target)),

  'an adapter imports no other adapter': (graph) =>
    importsThat(
      graph,
      ({ path }, { target }) =>
        path.startsWith('adapters/') && target?.startsWith('adapters/') === true && !adapterReach(path, target),
    ),

  'core, ports and app import neither packages nor built-in modules': (graph) =>
    importsThat(graph, ({ path }, { target }) => target === null && /^(?:core|ports|app)\//.test(path)),

  'only the process adapter starts processes': (graph) =>
    importsThat(
      graph,
      ({ path }, { specifier }) =>
        /^(?:node:)?(?:child_process|cluster|worker_threads)$/.test(specifier) && !isIn(path, startsProcesses),
    ),

  'only listed modules touch files': (graph) =>
    importsThat(
      graph,
      ({ path }, { specifier }) => /^(?:node:)?fs(?:\/|$)/.test(specifier) && !isIn(path, touchesFiles),
    ),

  'report readers load nothing but what parses text': (graph) =>
    importsThat(
      graph,
      ({ path }, { specifier, target, kind }) =>
        target === null && path.startsWith(readers) && !(parsers.includes(specifier) && kind !== 'dynamic'),
    ),

  'report readers reach neither the network nor the process, and run no text': (graph) =>
    textThat(
      graph,
      new RegExp(`^${readers}`),
      /\bfetch\s*\(|\bWebSocket\b|\bprocess\s*[.[]|\bglobalThis\b|\beval\s*\(|\bFunction\s*\(/,
    ),

  'core and app have no clock, chance or timer of their own': (graph) =>
    textThat(
      graph,
      /^(?:core|app)\//,
      /\bDate\.now\b|\bnew Date(?:\(\s*\)|(?!\s*[\w(]))|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bperformance\.now\b|\bcrypto\b\.|\bTemporal\.Now\b/,
    ),

  'no module is loaded in a way that this test cannot see': (graph) =>
    textThat(graph, /^/, /\bcreateRequire\b|\bgetBuiltinModule\b|\bimport\s*\(\s*(?!['"])/),

  'heavy packages are loaded on first use': (graph) =>
    loadedOnUse.flatMap(({ with: entries, packages }) => {
      const loaded = loadedWith(graph, entries);
      return importsThat(
        graph,
        ({ path }, { kind, specifier }) =>
          kind === 'static' && packages.includes(packageOf(specifier)) && loaded.has(path),
      );
    }),

  'every import of ours leads to a file': (graph) =>
    importsThat(
      graph,
      (_, { target }) => target !== null && !graph.has(target) && !Object.values(outside).includes(target),
    ),

  'no imports run in a circle': (graph) => cyclesIn(graph).map((cycle) => cycle.join(' → ')),
} as const satisfies Record<string, Rule>;

function reaches(from: string, to: string): boolean {
  if (to.startsWith('../')) return outside[from] === to;
  const layer = from.split('/')[0]!;
  return (layers[layer] ?? []).some((place) => to === place || to.startsWith(`${place}/`));
}

function adapterReach(from: string, to: string): boolean {
  const own = productOf(from);
  const other = productOf(to);
  if (own === other || lends[own]?.includes(other)) return true;
  const [family, name] = own.split('/');
  if (other.split('/')[0] !== family) return false;
  // The list of a family's products is the one place that knows them all.
  return name === 'index' || other === `${family}/shared` || sharedFiles.includes(other);
}

/** `signals/lcov` for the file and for the folder of that name; `files` for all of that folder. */
function productOf(path: string): string {
  const [, family = '', name = ''] = path.split('/');
  return wholeFamilies.includes(family) ? family : `${family}/${name.replace(/\.ts$/, '')}`;
}

function importsThat(graph: ModuleGraph, breaks: (module: Module, each: Import) => boolean): readonly string[] {
  return [...graph.values()].flatMap((module) =>
    module.imports
      .filter((each) => breaks(module, each))
      .map(({ specifier, target }) => `${module.path} imports ${target ?? specifier}`),
  );
}

function textThat(graph: ModuleGraph, where: RegExp, forbidden: RegExp): readonly string[] {
  return [...graph.values()].flatMap(({ path, text }) => {
    const found = where.test(path) ? forbidden.exec(withoutComments(text)) : null;
    return found ? [`${path} has ${found[0]}`] : [];
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}
