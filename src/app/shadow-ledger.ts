import { ledgerOf, type Ledger } from '../core/policy/ledger.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { keptAssessment } from './kept-assessment.ts';

const day = 86_400_000;

/** What shadow would have decided, from the newest kept assessments of the service and environment. @throws AqeError 6xxx. */
export async function shadowLedger(
  deps: { readonly policy: Policy; readonly store: Pick<Store, 'find'>; readonly clock: Clock },
  { days, limit }: { readonly days: number | null; readonly limit: number },
): Promise<Ledger> {
  const { service, environment } = deps.policy;
  const since = days === null ? -Infinity : deps.clock.now().getTime() - days * day;
  const records = await deps.store.find('assessments', { service, environment, order: 'newest', limit });
  return ledgerOf(records.filter(({ createdAt }) => Date.parse(createdAt) >= since).map(keptAssessment));
}
