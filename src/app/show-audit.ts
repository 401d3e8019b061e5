import { readEntry, type LoggedEvent } from '../core/audit/chain.ts';
import type { AuditEntry } from '../core/audit/event.ts';
import type { Store } from '../ports/store.ts';

/** An entry and what it says; `event` is null where that cannot be read. */
export interface ShownEntry {
  readonly entry: AuditEntry;
  readonly event: LoggedEvent | null;
}

const pageSize = 500;

/** The newest entries, newest first, of one version or of all. Nothing is verified. */
export async function showAudit(
  store: Store,
  { limit, version }: { readonly limit: number; readonly version: string | null },
): Promise<readonly ShownEntry[]> {
  const shown: ShownEntry[] = [];
  let end = (await store.auditHead())?.seq ?? 0;
  while (end > 0 && shown.length < limit) {
    const start = Math.max(0, end - pageSize);
    const page = await store.auditLog({ after: start, limit: pageSize });
    for (const entry of page.toReversed()) {
      const event = readEntry(entry);
      const wanted = version === null || event?.version === version;
      if (wanted && entry.seq <= end && shown.length < limit) shown.push({ entry, event });
    }
    end = start;
  }
  return shown;
}
