import { examined, genesis, type LoggedEvent } from '../core/audit/chain.ts';
import { exportRow, type ExportRow } from '../core/audit/export-row.ts';
import { sampledFacts } from '../core/audit/sampled-facts.ts';
import type { Assessment } from '../core/decision/assessment.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Identity } from '../ports/identity.ts';
import type { Store } from '../ports/store.ts';

type Facts = Readonly<Record<string, string>>;

/**
 * The entries of a time, oldest first: from `from` on (inclusive) until before `to`; null is no limit. The whole log is
 * followed for it, and the records that it names are compared with it.
 * @throws AqeError AQE6006 for a log that is not whole, or records that are not those that it names: they prove nothing.
 */
export async function exportAudit(
  { store, identity }: { readonly store: Store; readonly identity: Identity },
  { from, to }: { readonly from: Date | null; readonly to: Date | null },
): Promise<readonly ExportRow[]> {
  const facts = factsOf(store);
  const rows: ExportRow[] = [];
  const sha256 = (text: string): string => identity.sha256(text);
  const [broken] = await store.check();
  if (broken !== undefined) throw new AqeError('AQE6006', broken);
  let last = genesis(sha256);
  for (let first = true; ; first = false) {
    const page = await store.auditLog(first ? {} : { after: last.seq });
    if (page.length === 0) return rows;
    for (const entry of page) {
      const { faults, event } = examined(last, entry, sha256);
      if (event === null || faults[0] !== undefined)
        throw new AqeError('AQE6006', faults[0] ?? 'an entry cannot be read');
      last = entry;
      const at = Date.parse(event.at);
      if ((from !== null && at < from.getTime()) || (to !== null && at >= to.getTime())) continue;
      const row = exportRow(entry, await facts(event));
      if (row !== null) rows.push(row);
    }
  }
}

/** Facts of the decision that an event is about, looked up once a decision. */
function factsOf(store: Store): (event: LoggedEvent) => Promise<Facts> {
  const known = new Map<string, Promise<Facts>>();
  return ({ service, version, environment, decisionDigest }) => {
    if (decisionDigest === null) return Promise.resolve({});
    const key = JSON.stringify([service, version, environment, decisionDigest]);
    const found = known.get(key) ?? lookUp(store, { service, version, environment }, decisionDigest);
    known.set(key, found);
    return found;
  };
}

async function lookUp(
  store: Store,
  release: { readonly service: string; readonly version: string; readonly environment: string },
  digest: string,
): Promise<Facts> {
  const assessments = await store.find('assessments', { ...release, order: 'newest' });
  const decided = assessments.find(({ decisionDigest }) => decisionDigest === digest);
  const approvals = await store.find('approvals', release);
  const withdrawn = new Set(approvals.filter(({ kind }) => kind === 'withdraw').map(({ target }) => target));
  const approvers = approvals
    .filter(({ id, kind, decisionDigest }) => decisionDigest === digest && agrees.has(kind) && !withdrawn.has(id))
    .map(({ person, identity }) => `${person} (${identity})`);
  return {
    ...(decided && sampledFacts(JSON.parse(decided.body) as Assessment)),
    ...(approvers.length > 0 && { approvers: [...new Set(approvers)].join('; ') }),
  };
}

const agrees: ReadonlySet<string> = new Set(['approve', 'override', 'emergency']);
