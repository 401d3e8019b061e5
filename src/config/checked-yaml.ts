import type { Document, LineCounter } from 'yaml';
import type * as z from 'zod/mini';
import { AqeError } from '../core/error/aqe-error.ts';
import type { ErrorCode } from '../core/error/catalog.ts';
import { nearest } from '../core/error/nearest.ts';

const maxBytes = 1024 * 1024;

/** Files of one kind. */
export interface YamlKind<T> {
  /** Loads the schema; it takes time. */
  readonly schema: () => Promise<z.ZodMiniType<T>>;
  /** Its JSON Schema, for suggestions. */
  readonly jsonSchema: () => Promise<unknown>;
  /** What else is wrong with a file that fits; null if nothing is. */
  readonly issueOf?: (value: T) => YamlIssue | null;
  readonly codes: { readonly syntax: ErrorCode; readonly schema: ErrorCode };
}

export type YamlIssue = z.core.$ZodIssue;

export interface CheckedYaml<T> {
  readonly value: T;
  /** Where the value at a key path stands, or its nearest parent that is in the file. */
  positionOf(path: readonly PropertyKey[]): { readonly line: number; readonly column: number } | null;
}

/**
 * Text to a checked value.
 * @throws AqeError of `codes`: broken YAML, or a value or key that does not fit, with line and column.
 */
export async function checkedYaml<T>(path: string, text: string, kind: YamlKind<T>): Promise<CheckedYaml<T>> {
  const { codes } = kind;
  if (text.length > maxBytes)
    throw new AqeError(codes.syntax, `the file is larger than ${maxBytes} characters`, { path });
  const [{ parseDocument, LineCounter }, schema] = await Promise.all([import('./yaml.ts'), kind.schema()]);
  const lines = new LineCounter();
  // Errors only: the library prints warnings with raw pieces of the input.
  const document = parseDocument(text, {
    lineCounter: lines,
    logLevel: 'error',
    strict: true,
    uniqueKeys: true,
    version: '1.2',
  });
  const broken = document.errors[0];
  if (broken) {
    const at = lines.linePos(broken.pos[0]);
    throw new AqeError(codes.syntax, broken.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''), {
      path,
      line: at.line,
      column: at.col,
    });
  }
  const file: YamlFile = { path, document, lines, kind };
  const value = await valueOf(file);
  const hidden = hiddenKey(value);
  // The schema library passes over this one key without a word: what it names would vanish.
  if (hidden) throw unknownKey(file, hidden, null);
  const result = schema.safeParse(value ?? {});
  if (!result.success) {
    const issues = result.error.issues.map((issue) => concrete(issue, valueAt(value, issue.path)));
    // A misspelt key is often a missing one too: its name says more.
    throw await problemOf(file, issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0]!);
  }
  const wrong = kind.issueOf?.(result.data);
  if (wrong) throw await problemOf(file, wrong);
  return { value: result.data, positionOf: (key) => position(document, lines, key, false) };
}

interface YamlFile {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly kind: Pick<YamlKind<never>, 'jsonSchema' | 'codes'>;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

/** Where a value may be one of several forms: what is wrong with the form that it comes nearest to. */
function concrete(issue: YamlIssue, value: unknown): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const isWhole = typeof value === 'object';
  const isOther = ({ code, path }: YamlIssue): boolean =>
    path.length === 0 && (code === 'invalid_type' || (isWhole && code === 'invalid_value'));
  const fits = issue.errors.find((form) => !form.some(isOther));
  const inner =
    fits?.find((each) => each.code === 'unrecognized_keys') ??
    fits?.[0] ??
    issue.errors.flat().find((each) => each.code === 'invalid_type');
  if (inner === undefined) return issue;
  const nearer = concrete(inner, valueAt(value, inner.path));
  return { ...nearer, path: [...issue.path, ...nearer.path] };
}

async function valueOf({ document, lines, path, kind: { codes } }: YamlFile): Promise<unknown> {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    const { visit } = await import('./yaml.ts');
    const anchors = new Set<string>();
    visit(document, {
      Node: (_, node) => void ('anchor' in node && node.anchor && anchors.add(node.anchor)),
      Alias(_, alias) {
        if (anchors.has(alias.source)) return;
        const at = lines.linePos(alias.range?.[0] ?? 0);
        const detail = `the alias ${JSON.stringify(alias.source)} has no anchor before it`;
        throw new AqeError(codes.syntax, detail, { path, line: at.line, column: at.col }, cause);
      },
    });
    throw new AqeError(codes.syntax, 'aliases expand to too much', { path }, cause);
  }
}

/** Path of a key `__proto__`; null if there is none. Aliases can make a value that holds itself. */
function hiddenKey(value: unknown, seen = new Set<unknown>()): readonly string[] | null {
  if (typeof value !== 'object' || value === null || seen.has(value)) return null;
  seen.add(value);
  for (const [key, each] of Object.entries(value)) {
    if (key === '__proto__') return [key];
    const inner = hiddenKey(each, seen);
    if (inner) return [key, ...inner];
  }
  return null;
}

function unknownKey(file: YamlFile, key: readonly PropertyKey[], guess: string | null): AqeError {
  const { path, document, lines, kind } = file;
  const [name, parents] = [String(key.at(-1)), key.slice(0, -1)];
  return new AqeError(kind.codes.schema, `unknown key ${JSON.stringify(name)}${inside(parents)}${meant(guess)}`, {
    path,
    ...position(document, lines, key, true),
  });
}

function meant(guess: string | null): string {
  return guess === null ? '' : `; did you mean ${JSON.stringify(guess)}?`;
}

async function problemOf(file: YamlFile, issue: YamlIssue): Promise<AqeError> {
  const { path, document, lines, kind } = file;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return unknownKey(file, [...issue.path, key], guessOf(key, await knownKeys(kind, issue.path)));
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const value = document.getIn(issue.path.map(String)) as unknown;
  // A file that is no more than one text is of another kind, and what it holds may be nobody's business.
  const isQuoted = issue.path.length > 0 && ['string', 'number', 'boolean'].includes(typeof value);
  const shown = isQuoted ? ` (it is ${JSON.stringify(value).slice(0, 60)})` : '';
  const isMisspelt = issue.code === 'invalid_value' && typeof value === 'string' && !message.includes('did you mean');
  const guess = isMisspelt ? nearest(value, issue.values.map(String)) : null;
  const where = issue.path.map(String).join('.') || 'the file';
  return new AqeError(kind.codes.schema, `${where}: ${message}${shown}${meant(guess)}`, {
    path,
    ...(position(document, lines, issue.path, issue.code === 'invalid_key') ?? { line: 1, column: 1 }),
  });
}

/** The nearest name, else the only one that begins with it. */
function guessOf(name: string, known: readonly string[]): string | null {
  const longer = known.filter((each) => name.length > 2 && each.startsWith(name));
  return nearest(name, known) ?? (longer.length === 1 ? longer[0]! : null);
}

function inside(path: readonly PropertyKey[]): string {
  return path.length > 0 ? ` in ${path.map(String).join('.')}` : '';
}

/** Keys that the schema knows at a path, for suggestions. */
async function knownKeys({ jsonSchema }: YamlFile['kind'], path: readonly PropertyKey[]): Promise<readonly string[]> {
  let nodes: readonly JsonNode[] = [(await jsonSchema()) as JsonNode];
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next =
        node.properties?.[String(key)] ??
        (typeof key === 'number' ? node.items : node.additionalProperties || undefined);
      return next === undefined ? [] : [next, ...(next.anyOf ?? [])];
    });
  }
  return nodes.flatMap((node) => Object.keys(node.properties ?? {}).concat(node.propertyNames?.enum ?? []));
}

interface JsonNode {
  readonly properties?: Readonly<Record<string, JsonNode>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: JsonNode | false;
  readonly items?: JsonNode;
  readonly anyOf?: readonly JsonNode[];
}

interface YamlNode {
  readonly range?: readonly [number, number, number] | null;
  readonly items?: readonly { readonly key?: YamlNode & { readonly value?: unknown }; readonly value?: YamlNode }[];
}

/** Where a value stands; its key with `ofKey`. Climbs to the nearest parent that is in the file. */
function position(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
  ofKey: boolean,
): { readonly line: number; readonly column: number } | null {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const parent = document.getIn(path.slice(0, Math.max(0, depth - 1)).map(String), true) as YamlNode | undefined;
    const pair = parent?.items?.find(
      (item) => item.key && depth > 0 && String(item.key.value) === String(path[depth - 1]),
    );
    const node = pair
      ? ofKey || depth < path.length
        ? pair.key
        : (pair.key ?? pair.value)
      : (document.getIn(path.slice(0, depth).map(String), true) as YamlNode | undefined);
    if (node?.range) {
      const at = lines.linePos(node.range[0]);
      return { line: at.line, column: at.col };
    }
  }
  return null;
}
