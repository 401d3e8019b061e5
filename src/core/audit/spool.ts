import { canonicalJson } from '../canonical-json.ts';
import { isEvent, type Sha256 } from './chain.ts';
import type { AuditEvent } from './event.ts';

/** What the store could not take. `R` is the records, by table. */
export interface Spooled<R> {
  readonly records: R;
  readonly events: readonly AuditEvent[];
  /** Why the store did not take it. */
  readonly cause: string;
}

/** A line of the spool, word for word, and what it says. */
export interface SpoolLine {
  readonly text: string;
  /** Covers the line and names the one before it. */
  readonly hash: string;
  readonly content: Spooled<unknown>;
}

export interface SpoolState {
  readonly lines: readonly SpoolLine[];
  /** Hashes of lines that a marker says are in the log. */
  readonly drained: ReadonlySet<string>;
  /** Lines that a crash cut short: nobody was told that they are kept. */
  readonly cutShort: number;
  readonly faults: readonly string[];
}

const domain = 'aqe-audit-spool-v1';

/**
 * A line behind those that are there. Its hash covers the hash of the last line its writer saw: two that write at the same
 * time may follow the same one.
 */
export function spoolLine<R>({ lines }: SpoolState, { records, events, cause }: Spooled<R>, sha256: Sha256): string {
  const body = canonicalJson({ records, events, cause });
  const prev = lines.at(-1)?.hash ?? sha256(domain);
  return canonicalJson({ body, prev, hash: hashOf(prev, body, sha256) });
}

/** A line that says which ones are in the log. */
export function drainedLine(hashes: readonly string[]): string {
  return canonicalJson({ drained: hashes });
}

/** Id of the event under which a line is taken into the log, the same whoever does it. */
export function recoveryId({ hash }: SpoolLine): string {
  return `spool:${hash}`;
}

export function readSpool(texts: readonly string[], sha256: Sha256): SpoolState {
  const lines: SpoolLine[] = [];
  const drained = new Set<string>();
  const faults: string[] = [];
  const before = new Set([sha256(domain)]);
  let cutShort = 0;
  for (const [index, text] of texts.entries()) {
    const value = parsed(text);
    if (value === null) {
      cutShort += 1;
      continue;
    }
    const { body, prev, hash, drained: marked } = value;
    if (Array.isArray(marked)) {
      for (const each of marked) drained.add(String(each));
      continue;
    }
    const content = typeof body === 'string' ? parsed(body) : null;
    if (!isSpooled(content) || typeof prev !== 'string' || hash !== hashOf(prev, String(body), sha256)) {
      faults.push(`line ${index + 1} of the spool is not as it was written`);
      continue;
    }
    if (!before.has(prev)) faults.push(`line ${index + 1} of the spool follows one that is not there`);
    if (before.has(hash)) faults.push(`line ${index + 1} of the spool stands there twice`);
    before.add(hash);
    lines.push({ text, hash, content });
  }
  for (const hash of drained)
    if (!before.has(hash)) faults.push('the spool says of a line that is not there that it is in the log');
  return { lines, drained, cutShort, faults };
}

function isSpooled(value: Readonly<Record<string, unknown>> | null): value is Spooled<unknown> & typeof value {
  if (value === null) return false;
  const { records, events, cause } = value;
  const named = typeof records === 'object' && records !== null && typeof cause === 'string';
  return named && Array.isArray(events) && events.length > 0 && events.every(isEvent);
}

function hashOf(prev: string, body: string, sha256: Sha256): string {
  return sha256(`${domain}\n${prev}\n${body}`);
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
