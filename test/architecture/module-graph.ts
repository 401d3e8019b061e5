import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** `type` imports are gone at run time; `dynamic` ones load when they are reached. A re-export is `static` or `type`. */
export type ImportKind = 'static' | 'type' | 'dynamic';

export interface Import {
  readonly kind: ImportKind;
  /** As written. */
  readonly specifier: string;
  /** The module meant, relative to src (`../package.json` lies outside); null for packages and built-in modules. */
  readonly target: string | null;
}

export interface Module {
  /** Relative to src, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export type ModuleGraph = ReadonlyMap<string, Module>;

/** The graph of these files (path relative to src → source text). */
export function graphOf(files: Readonly<Record<string, string>>): ModuleGraph {
  return new Map(Object.entries(files).map(([path, text]) => [path, { path, text, imports: importsOf(path, text) }]));
}

function importsOf(path: string, text: string): readonly Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    kind: kindOf(text.slice(0, pos)),
    specifier: fileName,
    target: fileName.startsWith('.') ? posix.join(posix.dirname(path), fileName) : null,
  }));
}

/** How the module is imported whose name stands after this text. */
function kindOf(before: string): ImportKind {
  const start = [...before.matchAll(/\b(?:import|export|require)\b/g)].at(-1)?.index ?? 0;
  const statement = before.slice(start);
  if (/^(?:import|require)\s*\(/.test(statement)) return 'dynamic';
  return /^(?:import|export)\s+type\s*[\w{*]/.test(statement) ? 'type' : 'static';
}

const sourceRoot = fileURLToPath(new URL('../../src', import.meta.url));

/** Every module of the product, by a walk that follows folders. */
export function readSources(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(sourceRoot, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (path.endsWith('.ts')) files[path] = readFileSync(join(sourceRoot, path), 'utf8');
    }
  };
  walk('');
  return files;
}

/** How many TypeScript files there are, found in another way than `readSources` finds them. */
export function countSources(): number {
  return readdirSync(sourceRoot, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[mc]?tsx?$/.test(name))
    .length;
}

/** Modules that are loaded as soon as one of the entries is, the entries among them. */
export function loadedWith(graph: ModuleGraph, entries: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const module = graph.get(path);
    if (module === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const { kind, target } of module.imports) if (kind === 'static' && target !== null) queue.push(target);
  }
  return seen;
}

/** One cycle for each module that closes one, as a path that ends where it began. Type imports count: two modules that need each other are one. */
export function cyclesIn(graph: ModuleGraph): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push([...trail.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    trail.push(path);
    for (const { kind, target } of graph.get(path)?.imports ?? [])
      if (kind !== 'dynamic' && target !== null && graph.has(target)) visit(target);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}
