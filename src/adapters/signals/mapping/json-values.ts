import { JSONPathEnvironment, JSONPathError, JSONPathQuery, JSONPathRecursionLimitError, jsonpath } from 'json-p3';
import * as z from 'zod/mini';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { EvidenceMapping } from '../../../core/policy/evidence-mapping.ts';
import { jsonSession } from '../shared/json.ts';
import { MappingPathError } from './path-error.ts';
import type { MappingSession } from './session.ts';
import { valuesOf, type Values } from './values.ts';

/** How deep `..` goes down. */
const maxDepth = 256;

/** How many values the names at the end of a path may lead to from one place. */
const maxWays = 1000;

const environment = new JSONPathEnvironment({ maxRecursionDepth: maxDepth });
// Their patterns are regular expressions: one report could keep the program busy for ever.
for (const name of ['match', 'search']) environment.functionRegister.delete(name);

interface Query {
  /** All of the path up to its last wildcard, filter or index. */
  readonly head: JSONPathQuery;
  /** Names that follow, each step one or several: every place that the head leads to has to have them. */
  readonly names: readonly (readonly string[])[];
}

/** @throws MappingPathError */
export function jsonMapping({ metrics }: EvidenceMapping): MappingSession {
  const queries = metrics.map(({ at, zeroIf }, index) => ({
    at: split(compile(at, index, 'path'), index),
    zeroIf: zeroIf === null ? null : compile(zeroIf, index, 'zero_if'),
  }));
  return (file, toReading) =>
    jsonSession(file, z.unknown(), (root) =>
      toReading(
        metrics.map((mapped, index) => {
          const values = valuesOf(mapped);
          const { at, zeroIf } = queries[index]!;
          limited(file, () => {
            collect(at, root, values, mapped.aggregate === 'count');
            if (zeroIf && leadsSomewhere(zeroIf, root)) values.allowZero();
          });
          return values.outcome();
        }),
      ),
    );
}

function compile(path: string, index: number, key: 'path' | 'zero_if'): JSONPathQuery {
  try {
    return environment.compile(path);
  } catch (cause) {
    if (!(cause instanceof JSONPathError)) throw cause;
    const pattern = /\b(match|search)\s*\(/.exec(path)?.[1];
    const reason = pattern ? `${pattern}() is not available: compare by == or !=` : cause.message.split('\n')[0]!;
    throw new MappingPathError(index, key, `it is no JSONPath: ${reason}`, cause);
  }
}

function split({ segments }: JSONPathQuery, index: number): Query {
  const names = segments.map((segment) => {
    const { selectors } = segment;
    const isChild = !segment.toString().startsWith('..');
    const known = selectors.filter((selector) => selector instanceof jsonpath.selectors.NameSelector);
    return isChild && known.length === selectors.length ? known.map(({ name }) => name) : null;
  });
  const start = names.lastIndexOf(null) + 1;
  const ways = names.slice(start).reduce((product, each) => product * (each?.length ?? 1), 1);
  if (ways > maxWays) throw new MappingPathError(index, 'path', `it names more than ${maxWays} places at once`);
  return {
    head: new JSONPathQuery(environment, segments.slice(0, start)),
    names: names.slice(start).filter((each) => each !== null),
  };
}

type Node = Pick<ReturnType<JSONPathQuery['query']>['nodes'][number], 'value' | 'location'>;

/** Lazily: the library's other way spreads the items of a list over the stack. */
function nodesOf(query: JSONPathQuery, root: unknown): IterableIterator<Node> {
  return query.lazyQuery(root as Parameters<JSONPathQuery['lazyQuery']>[0]);
}

/** To anything but null. */
function leadsSomewhere(query: JSONPathQuery, root: unknown): boolean {
  for (const { value } of nodesOf(query, root)) if (value !== null) return true;
  return false;
}

function collect({ head, names }: Query, root: unknown, values: Values, counts: boolean): void {
  const paths = names.reduce<readonly (readonly string[])[]>(
    (all, step) => all.flatMap((path) => step.map((name) => [...path, name])),
    [[]],
  );
  const lacking = new Map<string, number>();
  let places = 0;
  for (const { value, location } of nodesOf(head, root)) {
    places += 1;
    for (const path of paths) {
      const reached = follow(value, path);
      if (reached.lack === null) values.take(reached.value, () => placeText([...location, ...path]));
      else lacking.set(reached.lack, (lacking.get(reached.lack) ?? 0) + 1);
    }
  }
  // Where nothing is found at all, that is what is said. A count counts those that have it.
  if (counts || values.found() === 0) return;
  const from = head.toString({ form: 'pretty' });
  for (const [name, count] of lacking)
    values.lack(`${count} of ${places} places at ${from} have no ${JSON.stringify(name)}`);
}

type Reached = { readonly lack: null; readonly value: unknown } | { readonly lack: string };

function follow(from: unknown, path: readonly string[]): Reached {
  let value = from;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
      return { lack: name };
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return { lack: null, value };
}

function placeText(location: readonly (string | number)[]): string {
  return `$${location.map(stepText).join('')}`.slice(0, 120);
}

function stepText(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

function limited(file: { readonly path: string }, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (!(cause instanceof JSONPathRecursionLimitError)) throw cause;
    throw new AqeError('AQE2005', `values are nested deeper than ${maxDepth}`, { path: file.path }, cause);
  }
}
