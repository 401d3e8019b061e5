import { canonicalJson } from '../canonical-json.ts';
import type { AuditEntry, AuditEvent } from './event.ts';

/** SHA-256 of the UTF-8 bytes of a text, lower-case hex. */
export type Sha256 = (text: string) => string;

/** A record that was written with an entry, and the seal that it had then. */
export interface NamedRow {
  readonly table: string;
  readonly id: string;
  readonly seal: string;
}

/** A place in the log: everything up to it is settled by the hash. */
export interface ChainPoint {
  readonly seq: number;
  readonly hash: string;
}

const domain = 'aqe-audit-v1';

/** The point before the first entry. */
export function genesis(sha256: Sha256): ChainPoint {
  return { seq: 0, hash: sha256(domain) };
}

export function entryHash(prev: string, body: string, sha256: Sha256): string {
  return sha256(`${domain}\n${prev}\n${body}`);
}

/** Entries for events, in their order, behind `head`. The first one names the rows of all. */
export function chained(
  head: ChainPoint | null,
  events: readonly AuditEvent[],
  rows: readonly NamedRow[],
  sha256: Sha256,
): readonly AuditEntry[] {
  let last = head ?? genesis(sha256);
  return events.map((event, index) => {
    const body = canonicalJson({ ...event, rows: index === 0 ? rows : [] });
    const entry = { seq: last.seq + 1, body, prev: last.hash, hash: entryHash(last.hash, body, sha256) };
    last = entry;
    return entry;
  });
}

/** What is wrong with an entry that should stand right behind `before` (nothing: an empty list), and what it says. */
export function examined(
  before: ChainPoint,
  entry: AuditEntry,
  sha256: Sha256,
): { readonly faults: readonly string[]; readonly event: LoggedEvent | null } {
  const faults: string[] = [];
  if (entry.seq !== before.seq + 1)
    faults.push(`entry ${entry.seq} stands where ${before.seq + 1} should: entries were removed, added or moved`);
  if (entry.prev !== before.hash) faults.push(`entry ${entry.seq} does not continue the entry before it`);
  if (entry.hash !== entryHash(entry.prev, entry.body, sha256))
    faults.push(`entry ${entry.seq} is not as it was written`);
  const event = readEntry(entry);
  if (event === null) faults.push(`entry ${entry.seq} has a body that is no event`);
  return { faults, event };
}

/** What is wrong with an entry that should stand right behind `before`. */
export function linkFaults(before: ChainPoint, entry: AuditEntry, sha256: Sha256): readonly string[] {
  return examined(before, entry, sha256).faults;
}

/** An event as it stands in the log, with the records that were written with it. */
export interface LoggedEvent extends AuditEvent {
  readonly rows: readonly NamedRow[];
}

/** What an entry says; null if its body is no event. */
export function readEntry({ body }: AuditEntry): LoggedEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  return isLogged(value) ? value : null;
}

const texts = ['id', 'at', 'action', 'outcome', 'service', 'version', 'environment', 'target', 'reason'] as const;

/** Whether a value is an event. Its action may be one that only a later release knows. */
export function isEvent(value: unknown): value is AuditEvent {
  if (!isObject(value)) return false;
  const { actor, decisionDigest, details } = value;
  return (
    texts.every((key) => typeof value[key] === 'string') &&
    isObject(actor) &&
    typeof actor['id'] === 'string' &&
    typeof actor['method'] === 'string' &&
    (decisionDigest === null || typeof decisionDigest === 'string') &&
    isObject(details) &&
    Object.values(details).every((each) => typeof each === 'string')
  );
}

function isLogged(value: unknown): value is LoggedEvent {
  return isObject(value) && Array.isArray(value['rows']) && value['rows'].every(isRow) && isEvent(value);
}

function isRow(row: unknown): row is NamedRow {
  return isObject(row) && ['table', 'id', 'seal'].every((key) => typeof row[key] === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
