import type { Document, LineCounter } from 'yaml';
import type * as z from 'zod/mini';
import { AqeError } from '../core/error/aqe-error.ts';
import { nearest } from '../core/error/nearest.ts';
import type { FileConfig } from './schema.ts';

const maxBytes = 1024 * 1024;

export interface ParsedConfig {
  readonly config: FileConfig;
  /** Line (from 1) of the value at a key path, or of its nearest parent that stands in the file. */
  lineOf(path: readonly PropertyKey[]): number | null;
  positionOf(path: readonly PropertyKey[]): { readonly line: number; readonly column: number } | null;
}

/**
 * Config text to a checked config.
 * @throws AqeError AQE1003 for broken YAML, AQE1004 for a value or key that does not fit, with line and column.
 */
export async function parseConfig(path: string, text: string): Promise<ParsedConfig> {
  if (text.length > maxBytes) throw new AqeError('AQE1003', `the file is larger than ${maxBytes} characters`, { path });
  const [{ parseDocument, LineCounter }, { configSchema }] = await Promise.all([
    import('./yaml.ts'),
    import('./schema.ts'),
  ]);
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
    throw new AqeError('AQE1003', broken.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''), {
      path,
      line: at.line,
      column: at.col,
    });
  }
  const value = await valueOf(document, lines, path);
  const hidden = hiddenKey(value);
  // The schema library passes over this one key without a word: a gate of that name would vanish.
  if (hidden) throw unknownKey(path, document, lines, hidden, null);
  const result = configSchema.safeParse(value ?? {});
  if (!result.success) {
    const { issues } = result.error;
    // A misspelt key is often a missing one too: its name says more.
    throw await problemOf(
      path,
      document,
      lines,
      issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0]!,
    );
  }
  const positionOf = (key: readonly PropertyKey[]): ReturnType<typeof position> =>
    position(document, lines, key, false);
  return { config: result.data, lineOf: (key) => positionOf(key)?.line ?? null, positionOf };
}

async function valueOf(document: Document, lines: LineCounter, path: string): Promise<unknown> {
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
        throw new AqeError('AQE1003', detail, { path, line: at.line, column: at.col }, cause);
      },
    });
    throw new AqeError('AQE1003', 'aliases expand to too much', { path }, cause);
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

function unknownKey(
  path: string,
  document: Document,
  lines: LineCounter,
  key: readonly PropertyKey[],
  guess: string | null,
): AqeError {
  const [name, parents] = [String(key.at(-1)), key.slice(0, -1)];
  return new AqeError(
    'AQE1004',
    `unknown key ${JSON.stringify(name)}${inside(parents)}${guess ? `; did you mean ${JSON.stringify(guess)}?` : ''}`,
    { path, ...position(document, lines, key, true) },
  );
}

async function problemOf(
  path: string,
  document: Document,
  lines: LineCounter,
  issue: z.core.$ZodIssue,
): Promise<AqeError> {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return unknownKey(path, document, lines, [...issue.path, key], nearest(key, await knownKeys(issue.path)));
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const value = document.getIn(issue.path.map(String)) as unknown;
  const shown = ['string', 'number', 'boolean'].includes(typeof value)
    ? ` (it is ${JSON.stringify(value).slice(0, 60)})`
    : '';
  return new AqeError('AQE1004', `${issue.path.map(String).join('.') || 'the file'}: ${message}${shown}`, {
    path,
    ...position(document, lines, issue.path, false),
  });
}

function inside(path: readonly PropertyKey[]): string {
  return path.length > 0 ? ` in ${path.map(String).join('.')}` : '';
}

/** Keys that the schema knows at a path, for suggestions. */
async function knownKeys(path: readonly PropertyKey[]): Promise<readonly string[]> {
  const { jsonSchema } = await import('./json-schema.ts');
  let node: JsonNode | undefined = jsonSchema() as JsonNode;
  for (const key of path) {
    node =
      node?.properties?.[String(key)] ??
      (typeof key === 'number' ? node?.items : node?.additionalProperties || undefined);
  }
  return Object.keys(node?.properties ?? {}).concat(node?.propertyNames?.enum ?? []);
}

interface JsonNode {
  readonly properties?: Readonly<Record<string, JsonNode>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: JsonNode | false;
  readonly items?: JsonNode;
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
