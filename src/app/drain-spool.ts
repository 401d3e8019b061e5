import { readEntry } from '../core/audit/chain.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { drainedLine, readSpool, recoveryId, type SpoolLine } from '../core/audit/spool.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { AuditSpool } from '../ports/audit-spool.ts';
import type { Clock } from '../ports/clock.ts';
import type { Identity } from '../ports/identity.ts';
import type { NewRecords, Store } from '../ports/store.ts';

export interface DrainDeps {
  readonly store: Store;
  readonly spool: AuditSpool;
  readonly clock: Clock;
  readonly identity: Identity;
}

/**
 * Takes what waits in the spool into the store: the records and events of a line, and a `spool.recovered` entry that holds
 * the line word for word, in one transaction each. A line whose entry is in the log already is only marked, also if another
 * process put it there meanwhile: the id of that entry follows from the line. Returns how many lines were taken.
 * @throws AqeError AQE6008, and 6xxx of the store.
 */
export async function drainSpool(deps: DrainDeps): Promise<number> {
  const texts = await deps.spool.read();
  if (texts.length === 0) return 0;
  const state = readSpool(texts, (text) => deps.identity.sha256(text));
  const waiting = state.lines.filter(({ hash }) => !state.drained.has(hash));
  if (waiting.length === 0) return 0;
  let taken = 0;
  for (const line of waiting) taken += (await takeLine(deps, line)) ? 1 : 0;
  await deps.spool.append(drainedLine(waiting.map(({ hash }) => hash)));
  return taken;
}

async function takeLine(deps: DrainDeps, line: SpoolLine): Promise<boolean> {
  const { events, cause } = line.content;
  const records = line.content.records as NewRecords;
  const recovered = recoveredEvent(deps, line, events[0], cause);
  const isLogged = async (...ids: readonly string[]): Promise<boolean> => (await loggedOf(deps.store, ids)).size > 0;
  if (await isLogged(recovered.id)) return false;
  // The store may have taken it although it reported a failure.
  if (await isLogged(...events.map(({ id }) => id))) return alone(recovered);
  const [first, ...rest] = [...events, recovered];
  try {
    await deps.store.commit(records, [first ?? recovered, ...rest]);
    return true;
  } catch (error) {
    // Another process was faster, or its records cannot be saved any more: then the line stands in the log for them.
    if (await isLogged(recovered.id)) return false;
    const failure = error instanceof AqeError ? `${error.code} ${error.detail}` : String(error);
    return alone({ ...recovered, outcome: 'failed', details: { ...recovered.details, failure } });
  }

  async function alone(event: AuditEvent): Promise<boolean> {
    await deps.store.commit({}, [event]);
    return true;
  }
}

function recoveredEvent(
  { clock, identity }: DrainDeps,
  line: SpoolLine,
  first: AuditEvent | undefined,
  cause: string,
): AuditEvent {
  return {
    id: recoveryId(line),
    at: clock.now().toISOString(),
    action: 'spool.recovered',
    outcome: 'done',
    actor: { id: identity.osUser(), method: 'os-user', key: null },
    service: first?.service ?? '',
    version: first?.version ?? '',
    environment: first?.environment ?? '',
    target: line.hash,
    decisionDigest: first?.decisionDigest ?? null,
    reason: cause,
    details: { line: line.text },
  };
}

/** Which of these events are in the log. Reads all of it: a spool that holds something is rare. */
async function loggedOf(store: Store, wanted: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let after = 0;
  for (;;) {
    const page = await store.auditLog({ after });
    for (const entry of page) {
      const id = readEntry(entry)?.id;
      if (id !== undefined && wanted.includes(id)) found.add(id);
    }
    const last = page.at(-1);
    if (last === undefined || last.seq <= after) return found;
    after = last.seq;
  }
}
