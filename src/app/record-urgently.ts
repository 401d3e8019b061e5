import { readSpool, spoolLine } from '../core/audit/spool.ts';
import type { AuditEntry, AuditEvent } from '../core/audit/event.ts';
import { redactDeep, type Redact } from '../core/secret/redact.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { AuditSpool } from '../ports/audit-spool.ts';
import type { Identity } from '../ports/identity.ts';
import type { NewRecords, Store } from '../ports/store.ts';
import { redactedRecords } from './redact-records.ts';

/** Where it is kept now. `trouble` is why not where it belongs, or why its checkpoint is missing; null if nothing is. */
export type UrgentRecord =
  | { readonly device: 'store'; readonly entries: readonly AuditEntry[]; readonly trouble: AqeError | null }
  | { readonly device: 'spool'; readonly trouble: unknown };

/**
 * Keeps what must not wait, a rollback above all: in the store, and if that fails, whatever the reason, in the spool, from
 * where the next write takes it into the log.
 * @throws AqeError AQE6008 if neither takes it.
 */
export async function recordUrgently(
  deps: {
    readonly store: Store;
    readonly spool: AuditSpool;
    readonly identity: Identity;
    readonly redact: Redact;
  },
  records: NewRecords,
  events: readonly [AuditEvent, ...AuditEvent[]],
): Promise<UrgentRecord> {
  try {
    return { device: 'store', entries: await deps.store.commit(records, events), trouble: null };
  } catch (trouble) {
    // After these the store has it.
    if (trouble instanceof AqeError && (trouble.code === 'AQE6007' || trouble.code === 'AQE6008'))
      return { device: 'store', entries: [], trouble };
    const sha256 = (text: string): string => deps.identity.sha256(text);
    const state = readSpool(await deps.spool.read(), sha256);
    const cause = trouble instanceof AqeError ? `${trouble.code} ${trouble.detail}` : String(trouble);
    const kept = {
      records: redactedRecords(records, deps.redact),
      events: redactDeep(events, deps.redact),
      cause: deps.redact(cause),
    };
    await deps.spool.append(spoolLine(state, kept, sha256));
    return { device: 'spool', trouble };
  }
}
