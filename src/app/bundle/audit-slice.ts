import { decodeBase64 } from '../../core/attest/base64.ts';
import { parseEnvelope } from '../../core/attest/dsse.ts';
import { decodeUtf8 } from '../../core/attest/utf8.ts';
import { examined, genesis, readEntry, type LoggedEvent } from '../../core/audit/chain.ts';
import { checkpointFrom, type Checkpoint } from '../../core/audit/checkpoint.ts';
import type { AuditEntry } from '../../core/audit/event.ts';
import type { Assessment } from '../../core/decision/assessment.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Identity } from '../../ports/identity.ts';
import type { RecordTableName, Store, StoreRecords } from '../../ports/store.ts';
import { isText, objectIn, parsedJson } from './bundle-json.ts';

/** The audit log around one decision. */
export interface DecisionLog {
  /** From the first entry about the release to the one of the decision. */
  readonly slice: readonly AuditEntry[];
  /** Whether a record was there when the decision was made. */
  wasThere(table: RecordTableName, record: StoreRecords[RecordTableName]): boolean;
  /** Records of a table that came later. */
  laterIn(table: RecordTableName): number;
}

/**
 * The order of the log, and not clocks, says what was before a decision: records of one instant, and of clocks that differ, fall
 * on the right side.
 * @throws AqeError AQE3052 if the log does not tell of the decision.
 */
export async function decisionLog(store: Store, decided: Assessment): Promise<DecisionLog> {
  const { service, version } = decided;
  const slice: AuditEntry[] = [];
  const later = new Map<RecordTableName, Set<string>>();
  let own: LoggedEvent | null = null;
  for await (const entry of entriesOf(store)) {
    const event = readEntry(entry);
    if (own !== null) {
      for (const { table, id } of event?.rows ?? []) {
        const ids = later.get(table as RecordTableName) ?? new Set();
        later.set(table as RecordTableName, ids.add(id));
      }
      continue;
    }
    if (slice.length > 0 || (event?.service === service && event.version === version)) slice.push(entry);
    if (event !== null && tellsOf(event, decided)) own = event;
  }
  if (own === null) throw new AqeError('AQE3052', 'the audit log does not tell of the decision');
  const ownRows = new Set(own.rows.map(({ table, id }) => `${table} ${id}`));
  return {
    slice,
    laterIn: (table) => later.get(table)?.size ?? 0,
    wasThere(table, record) {
      if (later.get(table)?.has(record.id)) return false;
      // The first entry of a log also names the records from before there was one.
      const isOwn = record.id === decided.id || (table === 'debts' && record.createdAt === decided.createdAt);
      return !(isOwn && ownRows.has(`${table} ${record.id}`));
    },
  };
}

function tellsOf({ action, target, decisionDigest }: LoggedEvent, decided: Assessment): boolean {
  return action === 'assessment.recorded' && target === decided.id && decisionDigest === decided.decisionDigest;
}

async function* entriesOf(store: Store): AsyncGenerator<AuditEntry> {
  for (let after = 0; ;) {
    const page = await store.auditLog({ after });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || last.seq <= after) return;
    after = last.seq;
  }
}

/** The slice as lines, and back. @throws AqeError AQE3050. */
export function entriesIn(text: string, name: string): readonly AuditEntry[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const { seq, body, prev, hash, ...more } = objectIn(parsedJson(line, name), name);
      const isEntry = Number.isSafeInteger(seq) && [body, prev, hash].every(isText) && Object.keys(more).length === 0;
      if (!isEntry) throw new AqeError('AQE3050', `${name} has a line that is no entry`);
      return { seq, body, prev, hash } as AuditEntry;
    });
}

/** What is wrong with a slice; null if it is whole and ends with the decision. */
export function sliceFault(slice: readonly AuditEntry[], decided: Assessment, { sha256 }: Identity): string | null {
  const [first] = slice;
  if (first === undefined) return 'it has no audit log';
  let before = first.seq === 1 ? genesis(sha256) : { seq: first.seq - 1, hash: first.prev };
  let told = false;
  for (const entry of slice) {
    const { faults, event } = examined(before, entry, sha256);
    if (faults[0] !== undefined) return faults[0];
    if (told) return 'its audit log goes on behind the decision';
    told = event !== null && tellsOf(event, decided);
    before = entry;
  }
  return told ? null : 'its audit log does not tell of the decision';
}

/** What a line says that may be a signed checkpoint, whoever signed it; null if it says nothing of the kind. */
export function statedCheckpoint(line: string): Checkpoint | null {
  try {
    const bytes = decodeBase64(parseEnvelope(line).payload);
    const text = bytes && decodeUtf8(bytes);
    return text === null ? null : checkpointFrom(parsedJson(text, 'a checkpoint'));
  } catch (error) {
    // A crash cut the line short; it proves nothing.
    if (error instanceof AqeError) return null;
    throw error;
  }
}
