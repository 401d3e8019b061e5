import { signedCheckpoint } from '../core/audit/checkpoint.ts';
import type { AuditEntry } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Checkpoints } from '../ports/checkpoints.ts';
import type { Signer } from '../ports/signer.ts';
import type { Store } from '../ports/store.ts';
import { drainSpool, type DrainDeps } from './drain-spool.ts';

export interface AuditDeps extends DrainDeps {
  readonly checkpoints: Checkpoints;
  /** Key that signs checkpoints. */
  signer(): Promise<Signer>;
  /** Whose log it is, as checkpoints name it. */
  readonly origin: string;
}

/**
 * A store that, whenever it has written, takes in what waits in the spool and then signs a checkpoint of the end of the log:
 * an entry that a caller was told of is always covered by one.
 * @throws AqeError AQE6007 and AQE6008 from `commit` when its own change is kept and what follows failed; they say so.
 */
export function auditedStore(deps: AuditDeps): Store {
  const { store } = deps;

  async function settle(entries: readonly AuditEntry[]): Promise<void> {
    const kept = `the change itself is kept, as entry ${entries.at(-1)?.seq ?? 0} of the audit log`;
    const [drained] = await Promise.allSettled([after(kept, 'AQE6008', () => drainSpool(deps))]);
    await after(kept, 'AQE6007', async () => {
      const [first] = entries;
      const last = entries.at(-1);
      const head = drained.status === 'fulfilled' && drained.value === 0 ? last : await store.auditHead();
      if (!first || !head) throw new Error('the audit log is empty');
      const time = deps.clock.now().toISOString();
      const checkpoint = { origin: deps.origin, from: first.seq, seq: head.seq, hash: head.hash, time };
      await deps.checkpoints.append(signedCheckpoint(checkpoint, await deps.signer()));
    });
    if (drained.status === 'rejected') throw drained.reason;
  }

  return {
    async commit(records, events) {
      const entries = await store.commit(records, events);
      await settle(entries);
      return entries;
    },
    find: (...args) => store.find(...args),
    auditLog: (...args) => store.auditLog(...args),
    auditHead: () => store.auditHead(),
    check: () => store.check(),
    close: () => store.close(),
  };
}

/** What goes wrong after a change must not look as if the change had failed. */
async function after<T>(kept: string, code: 'AQE6007' | 'AQE6008', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    throw new AqeError(code, `${error.detail}; ${kept}`, error.context, error);
  }
}
