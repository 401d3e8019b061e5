import { itemLimit } from '../../../core/evidence/reading.ts';
import { checkShape, objectOf } from '../shared/json.ts';
import { ownText } from '../shared/own-text.ts';
import { securitySeverity, type Rule, type RuleBook } from './rules.ts';
import { resultSchema, type Message, type Result } from './schema.ts';

/** Results that differ in nothing but their place and their message. */
export interface ResultGroup {
  /** One of them, for what they share. */
  readonly sample: Result;
  readonly count: number;
  /** All of them; the first `itemLimit` where it is known that they are no security issues. */
  places(): Iterable<Place>;
}

export interface Place {
  /** Position among the results of the run. */
  readonly order: number;
  readonly message: Message;
  readonly path: string | undefined;
  readonly artifact: number | undefined;
  readonly line: number | undefined;
  /** The result's own property bag if it names advisories; absent otherwise. */
  readonly properties: unknown;
}

/** A group in the making. Of each place three numbers: its order, its path (or artifact, or none), its line (0 for none). */
interface Kept {
  readonly sample: Result;
  count: number;
  readonly numbers: number[];
  /** What the tool's rules say of all of them; undefined as long as they are not known. */
  ruled: { readonly isCode: boolean; readonly isTitled: boolean } | undefined;
}

const noPath = -1;

/**
 * The results of one run, as little of them as the decision needs: a log may hold half a million, and what decides about
 * them (rules, overrides, artifacts) may stand behind them.
 */
export class ResultGroups {
  readonly #file: { readonly path: string };
  readonly #groups = new Map<string, Kept>();
  readonly #paths: string[] = [];
  readonly #pathByUri = new Map<string, number>();
  /** By order, of the few that need it. */
  readonly #messages = new Map<number, Message>();
  readonly #properties = new Map<number, unknown>();
  #order = 0;
  #rule: ((sample: Result) => Kept['ruled']) | undefined;

  constructor(file: { readonly path: string }) {
    this.#file = file;
  }

  /** What can be known once the tool's rules are: of most results then less must be kept. */
  know(book: RuleBook, isSecurity: (rule: Rule | undefined) => boolean): void {
    this.#rule = (sample) => {
      const rule = book.ruleOf(sample);
      const isCode = !isSecurity(rule) && ownScore(sample) === null;
      return { isCode, isTitled: rule?.title !== undefined && !isCode };
    };
  }

  /** @throws AqeError AQE2003 */
  add(value: unknown): void {
    const result = fits(value) ? value : checkShape(this.#file, resultSchema(), value);
    const order = this.#order++;
    const key = keyOf(result);
    let group = this.#groups.get(key);
    if (!group) {
      group = { sample: lean(result), count: 0, numbers: [], ruled: undefined };
      this.#groups.set(key, group);
    }
    group.count += 1;
    group.ruled ??= this.#rule?.(group.sample);
    if (group.count > itemLimit && group.ruled?.isCode) return;
    const at = result.locations?.[0]?.physicalLocation;
    group.numbers.push(order, this.#place(at?.artifactLocation), Math.max(0, Math.trunc(at?.region?.startLine ?? 0)));
    if (!group.ruled?.isTitled) this.#messages.set(order, ownMessage(result.message));
    if (namesAdvisories(result.properties)) this.#properties.set(order, result.properties);
  }

  *[Symbol.iterator](): IterableIterator<ResultGroup> {
    for (const { sample, count, numbers } of this.#groups.values())
      yield { sample, count, places: () => this.#placesOf(numbers) };
  }

  *#placesOf(numbers: readonly number[]): IterableIterator<Place> {
    for (let at = 0; at < numbers.length; at += 3) {
      const order = numbers[at]!;
      const place = numbers[at + 1]!;
      yield {
        order,
        message: this.#messages.get(order),
        path: place < 0 ? undefined : this.#paths[place],
        artifact: place < noPath ? -place - 2 : undefined,
        line: numbers[at + 2] || undefined,
        properties: this.#properties.get(order),
      };
    }
  }

  /** Index of the path; below `noPath` the artifact. One copy of each path is kept. */
  #place(
    location:
      { readonly uri?: string | null | undefined; readonly index?: number | null | undefined } | null | undefined,
  ): number {
    if (!location?.uri) return (location?.index ?? -1) < 0 ? noPath : -2 - location!.index!;
    const known = this.#pathByUri.get(location.uri);
    if (known !== undefined) return known;
    const index = this.#paths.push(ownText(pathOf(location.uri))) - 1;
    this.#pathByUri.set(ownText(location.uri), index);
    return index;
  }
}

/** The path that a URI of the log stands for, as people write it. */
export function pathOf(uri: string): string {
  const path = uri.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The score in the result's own properties, null if it has none. */
export function ownScore(result: Result): number | null {
  return securitySeverity(objectOf(result.properties));
}

function keyOf(result: Result): string {
  const { rule, suppressions, provenance } = result;
  const common = `${result.ruleId}\n${result.ruleIndex}\n${result.level}\n${result.kind}\n${result.baselineState}\n${ownScore(result)}`;
  if (!rule && !suppressions?.length && !provenance) return common;
  return `${common}\n${JSON.stringify([
    rule && [rule.id, rule.index, rule.guid, rule.toolComponent],
    suppressions?.map((one) => [one.kind, one.status, one.justification]),
    provenance?.invocationIndex,
  ])}`;
}

/** What the results of a group share. */
function lean(result: Result): Result {
  return { ...result, message: undefined, locations: undefined };
}

function ownMessage(message: Message): Message {
  if (!message) return undefined;
  const { text, markdown, id, arguments: given } = message;
  return {
    ...(text ? { text: text.slice(0, 1000) } : markdown ? { markdown: markdown.slice(0, 1000) } : {}),
    ...(id ? { id, arguments: given } : {}),
  };
}

function namesAdvisories(properties: unknown): boolean {
  const bag = objectOf(properties);
  const isAdvisory = (value: unknown): boolean => typeof value === 'string' && /^(?:CVE|GHSA)-/i.test(value);
  for (const name in bag) {
    const value = bag[name];
    if (isAdvisory(value) || (Array.isArray(value) && value.some(isAdvisory))) return true;
  }
  return false;
}

type Loose = Readonly<Record<string, unknown>>;
const isText = (value: unknown): boolean => value == null || typeof value === 'string';
const isIndex = (value: unknown): boolean => value == null || Number.isSafeInteger(value);
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNone = (value: unknown): boolean => value == null;

/**
 * Whether the common form of a result fits the schema, by a quick look: the schema itself takes longer than parsing. False
 * says nothing but that the schema has to be asked.
 */
function fits(value: unknown): value is Result {
  if (!isObject(value)) return false;
  const { message, locations } = value;
  if (!isText(value['ruleId']) || !isIndex(value['ruleIndex']) || !isText(value['level']) || !isText(value['kind']))
    return false;
  if (!isText(value['baselineState'])) return false;
  if (!isNone(value['rule']) || !isNone(value['suppressions']) || !isNone(value['provenance'])) return false;
  if (!isNone(message)) {
    if (!isObject(message) || !isText(message['text']) || !isText(message['markdown'])) return false;
    if (!isNone(message['id']) || !isNone(message['arguments'])) return false;
  }
  return isNone(locations) || (Array.isArray(locations) && locations.every(isLocation));
}

function isLocation(location: unknown): boolean {
  if (!isObject(location)) return false;
  const physical = location['physicalLocation'];
  if (isNone(physical)) return true;
  if (!isObject(physical)) return false;
  const { artifactLocation, region } = physical;
  if (!isNone(region) && !(isObject(region) && (region['startLine'] == null || Number.isFinite(region['startLine']))))
    return false;
  if (isNone(artifactLocation)) return true;
  return isObject(artifactLocation) && isText(artifactLocation['uri']) && isIndex(artifactLocation['index']);
}
