import type { TrustedKey } from '../core/attest/dsse.ts';
import { examined, genesis, type ChainPoint, type LoggedEvent } from '../core/audit/chain.ts';
import { checkpointsIn, openCheckpoint, strayEntries, type Checkpoint } from '../core/audit/checkpoint.ts';
import type { AuditEntry } from '../core/audit/event.ts';
import { readSpool, recoveryId } from '../core/audit/spool.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Identity } from '../ports/identity.ts';
import type { SignatureCheck } from '../ports/signer.ts';
import type { Store } from '../ports/store.ts';
import type { AuditFiles } from './workspace.ts';

export interface AuditFault {
  /** `uncovered`: nothing signed says how the log ended, so it may have been longer. */
  readonly kind: 'chain' | 'record' | 'checkpoint' | 'uncovered' | 'spool';
  readonly detail: string;
}

export interface AuditVerification {
  /** No fault. */
  readonly whole: boolean;
  readonly entries: number;
  /** The last entry that was read. */
  readonly head: ChainPoint | null;
  readonly checkpoints: { readonly matching: number; readonly newest: Checkpoint | null };
  readonly faults: readonly AuditFault[];
  /** What is unfinished or lost without harm. */
  readonly notices: readonly string[];
}

export interface VerifyAuditDeps {
  readonly store: Store;
  readonly audit: AuditFiles;
  readonly identity: Identity;
  readonly check: SignatureCheck;
  readonly service: string;
}

/**
 * Compares the whole log with itself, with the records of the store, with every checkpoint beside it and in `given` (text of
 * a file with checkpoints or signed decisions), and with the spool.
 * @throws AqeError AQE3011 for a given text that holds no checkpoint; 6xxx for what cannot be read. A damaged database is a fault.
 */
export async function verifyAudit(
  deps: VerifyAuditDeps,
  { trusted, given }: { readonly trusted: readonly TrustedKey[]; readonly given: string | null },
): Promise<AuditVerification> {
  const asked = given === null ? [] : checkpointsIn(given);
  const beside = await deps.audit.checkpoints.read();
  const faults: AuditFault[] = [];
  const notices: string[] = [];
  const open = (lines: readonly string[], what: string): readonly Checkpoint[] =>
    lines.flatMap((line, index) => opened(line, `${what}, line ${index + 1}`));
  const checkpoints = [...open(asked, 'the file given'), ...open(beside, 'the checkpoints beside the log')];

  const log = await readLog(deps, new Set(checkpoints.map(({ seq }) => seq)), faults);
  // Whoever wrote meanwhile has signed since.
  const later = open((await deps.audit.checkpoints.read()).slice(beside.length), 'the checkpoints beside the log');
  const matching: Checkpoint[] = [];
  for (const checkpoint of [...checkpoints, ...later]) {
    const { seq, hash, origin, time } = checkpoint;
    const found = seq > log.last.seq ? undefined : (log.hashes.get(seq) ?? (await hashAt(deps.store, seq)));
    if (found === hash) {
      matching.push(checkpoint);
      continue;
    }
    if (seq > log.last.seq && later.includes(checkpoint)) continue;
    const was = `at ${time} (${origin})`;
    const detail =
      found !== undefined
        ? `entry ${seq} is another one than ${was}`
        : seq > log.last.seq
          ? `the log ends with entry ${log.last.seq}, but had an entry ${seq} ${was}: it was cut short, or is an older copy`
          : `the log has no entry ${seq}, but had one ${was}`;
    faults.push({ kind: 'checkpoint', detail });
  }
  const newest = matching.toSorted((a, b) => b.seq - a.seq)[0] ?? null;
  const covered = newest?.seq ?? 0;
  const uncovered = `the entries ${covered + 1} to ${log.last.seq}`;
  // Other machines that write to a shared log keep their checkpoints where they are.
  if (covered < log.last.seq && deps.audit.shared && newest !== null)
    notices.push(
      `${uncovered} came after the newest checkpoint here: give a checkpoint or signed decision of the machine that wrote them (--checkpoint, --key) to have them checked`,
    );
  else if (covered < log.last.seq) {
    const why = 'nothing proves that they are ours, or that none followed';
    faults.push({ kind: 'uncovered', detail: `no checkpoint that matches covers ${uncovered}: ${why}` });
  }
  faults.push(...(await recordFaults(deps.store, faults)));
  if (!deps.audit.shared)
    for (const [first, last] of strayEntries(matching))
      notices.push(
        `entries ${first} to ${last} had no checkpoint before others followed: a crash, or somebody added them past the program`,
      );
  notices.push(...log.openIntents());
  await lookAtSpool(deps, log.recovered, faults, notices);
  const head = log.last.seq === 0 ? null : { seq: log.last.seq, hash: log.last.hash };
  return {
    whole: faults.length === 0,
    entries: log.entries,
    head,
    checkpoints: { matching: matching.length, newest },
    faults,
    notices,
  };

  function opened(line: string, place: string): readonly Checkpoint[] {
    try {
      return [openCheckpoint(line, trusted, (...args) => deps.check.verify(...args))];
    } catch (error) {
      if (!(error instanceof AqeError)) throw error;
      if (isJson(line)) faults.push({ kind: 'checkpoint', detail: `${place}: ${error.detail}` });
      else notices.push(`${place} was cut short, as by a crash`);
      return [];
    }
  }
}

interface Log {
  readonly entries: number;
  readonly last: ChainPoint;
  /** Hashes of the entries that were asked for. */
  readonly hashes: ReadonlyMap<number, string>;
  /** Ids of the entries of lines that were taken from the spool. */
  readonly recovered: ReadonlySet<string>;
  openIntents(): readonly string[];
}

async function readLog(
  { store, identity }: VerifyAuditDeps,
  wanted: ReadonlySet<number>,
  faults: AuditFault[],
): Promise<Log> {
  const sha256 = (text: string): string => identity.sha256(text);
  const hashes = new Map<number, string>();
  const recovered = new Set<string>();
  const intents = new Map<string, string>();
  let last = genesis(sha256);
  let entries = 0;
  for await (const entry of entriesOf(store, faults)) {
    entries += 1;
    const { faults: broken, event } = examined(last, entry, sha256);
    for (const detail of broken) faults.push({ kind: 'chain', detail });
    if (wanted.has(entry.seq)) hashes.set(entry.seq, entry.hash);
    if (event?.action === 'spool.recovered') recovered.add(event.id);
    if (event !== null) followIntent(intents, entry.seq, event);
    last = entry;
  }
  return { entries, last, hashes, recovered, openIntents: () => [...intents.values()] };
}

/** All entries, also those that somebody put before the first. A database that cannot be read on is a fault. */
async function* entriesOf(store: Store, faults: AuditFault[]): AsyncGenerator<AuditEntry> {
  let after: number | undefined;
  for (;;) {
    let page: readonly AuditEntry[];
    try {
      page = await store.auditLog(after === undefined ? {} : { after });
    } catch (error) {
      if (!(error instanceof AqeError) || error.code !== 'AQE6002') throw error;
      faults.push({ kind: 'chain', detail: error.detail });
      return;
    }
    for (const entry of page) {
      if (after !== undefined && entry.seq <= after) {
        faults.push({ kind: 'chain', detail: 'entries are out of order' });
        return;
      }
      yield entry;
      after = entry.seq;
    }
    if (page.length === 0) return;
  }
}

/** An intent is open until something of the same kind was done to the same thing, or failed. */
function followIntent(intents: Map<string, string>, seq: number, event: LoggedEvent): void {
  const { action, service, version, environment, target, outcome, at } = event;
  const key = JSON.stringify([action.split('.')[0], service, version, environment, target]);
  if (outcome === 'intent') intents.set(key, `entry ${seq} of ${at}: ${action} was begun and has no end`);
  else intents.delete(key);
}

async function hashAt(store: Store, seq: number): Promise<string | undefined> {
  const [entry] = await store.auditLog({ after: seq - 1, limit: 1 });
  return entry?.seq === seq ? entry.hash : undefined;
}

/** What the database and the seals say; what is wrong with the chain is known already. */
async function recordFaults(store: Store, known: readonly AuditFault[]): Promise<readonly AuditFault[]> {
  const said = new Set(known.map(({ detail }) => detail));
  const found = (await store.check()).filter((detail) => !said.has(detail.replace(/^audit log: /, '')));
  return found.map((detail) => ({ kind: 'record', detail }));
}

async function lookAtSpool(
  { audit, identity }: VerifyAuditDeps,
  recovered: ReadonlySet<string>,
  faults: AuditFault[],
  notices: string[],
): Promise<void> {
  const {
    lines,
    drained,
    cutShort,
    faults: broken,
  } = readSpool(await audit.spool.read(), (text) => identity.sha256(text));
  faults.push(...broken.map((detail) => ({ kind: 'spool' as const, detail })));
  if (cutShort > 0) notices.push(`lines of the spool that were cut short, as by a crash: ${cutShort}`);
  const waiting = lines.filter((line) => !recovered.has(recoveryId(line)));
  if (waiting.some(({ hash }) => drained.has(hash)))
    faults.push({ kind: 'spool', detail: 'the spool says of a line that it is in the log, which is not so' });
  if (waiting.length > 0) notices.push(`lines that wait in the spool for the next write: ${waiting.length}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
