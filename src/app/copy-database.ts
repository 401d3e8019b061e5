import type { AuditEvent } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { plural } from '../core/signal/format.ts';
import type { StoreContents, StoreTarget, StoreTransfer, TableDigest } from '../ports/store-transfer.ts';
import type { Workspace } from './workspace.ts';

type CopyDeps = Pick<Workspace, 'clock' | 'identity' | 'policy'>;

/**
 * Copies every record and every audit entry, byte for byte and in order, into a database without records, and compares the
 * digests of both sides before it stands. The log of the target ends with an entry that tells of the copy. Gives what was
 * copied.
 * @throws AqeError AQE6010, with nothing left in the target, if there is nothing to copy, the target is not empty, the
 * source is not sound or a table came out different; 6xxx.
 */
export async function copyDatabase(
  deps: CopyDeps,
  source: StoreTransfer,
  target: StoreTransfer,
): Promise<readonly TableDigest[]> {
  if (source.place === target.place)
    throw refused('source and target are the same database; name the target by --to or AQE_DATABASE_URL', target);
  const copied = await source.read((from) => target.fill((into) => copy(deps, source, target, from, into)));
  if (copied === null) throw refused(`there is no state database at ${source.place}`, target);
  return copied;
}

async function copy(
  deps: CopyDeps,
  source: StoreTransfer,
  target: StoreTransfer,
  from: StoreContents,
  into: StoreTarget,
): Promise<readonly TableDigest[]> {
  const present = (await into.digests()).reduce((sum, { rows }) => sum + rows, 0);
  if (present > 0) throw refused(`the target holds ${plural(present, 'record')} already`, target);
  for (const table of source.tables) {
    let after = 0;
    for (;;) {
      const rows = await from.rows(table, after);
      if (rows.length === 0) break;
      await into.add(table, rows);
      after = Number(rows.at(-1)?.['seq']);
    }
  }
  const [expected, found] = [await from.digests(), await into.digests()];
  const different = expected.filter(({ table, rows, sha256 }) => {
    const other = found.find((each) => each.table === table);
    return other?.rows !== rows || other.sha256 !== sha256;
  });
  if (different.length > 0)
    throw refused(`${different.map(({ table }) => table).join(', ')} came out different`, target);
  const faults = await into.check();
  if (faults.length > 0)
    throw refused(`what ${source.place} holds is not sound: ${faults.slice(0, 3).join('; ')}`, target);
  await into.log(copyEvent(deps, source, target, expected));
  return expected;
}

function copyEvent(
  { clock, identity, policy }: CopyDeps,
  source: StoreTransfer,
  target: StoreTransfer,
  digests: readonly TableDigest[],
): AuditEvent {
  return {
    id: identity.newId(),
    at: clock.now().toISOString(),
    action: 'store.copied',
    outcome: 'done',
    actor: { id: identity.osUser(), method: 'os-user', key: null },
    service: policy.service,
    version: '',
    environment: policy.environment,
    target: target.place,
    decisionDigest: null,
    reason: `copied from ${source.place}`,
    details: Object.fromEntries(digests.map(({ table, rows, sha256 }) => [table, `${rows} sha256:${sha256}`])),
  };
}

function refused(detail: string, { place }: StoreTransfer): AqeError {
  return new AqeError('AQE6010', detail, { path: place });
}
