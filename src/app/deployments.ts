import { deploymentsOf, outcomeStates, type Deployment, type OutcomeStatement } from '../core/history/outcome.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { OutcomeRecord, Store } from '../ports/store.ts';
import { keptObject } from './kept-json.ts';

/** Statements that are read at most, the newest: what an older one says of an older deployment is left out. */
export const statementsRead = 1_000_000;

/** What is known of the deployments of a service to an environment, the oldest first. @throws AqeError 6xxx. */
export async function deploymentsIn(
  store: Pick<Store, 'find'>,
  { service, environment, limit = statementsRead }: { service: string; environment: string; limit?: number },
): Promise<readonly Deployment[]> {
  const records = await store.find('outcomes', { service, environment, order: 'newest', limit });
  return deploymentsOf(records.toReversed().map(statementOf));
}

/** @throws AqeError AQE6002 for a record that nobody here wrote. */
export function statementOf(record: OutcomeRecord): OutcomeStatement {
  const { by: _by, identity: _identity, facts, outcome, basis, ...rest } = record;
  const state = outcomeStates.find((known) => known === outcome);
  if (state === undefined || (basis !== 'observed' && basis !== 'inferred'))
    throw new AqeError('AQE6002', `the outcome ${record.id} says ${outcome}, ${basis}`);
  return { ...rest, outcome: state, basis, facts: keptObject(facts, 'outcomes') };
}
