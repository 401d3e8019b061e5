import { deploymentsOf, outcomeStates, type Deployment, type OutcomeStatement } from '../core/history/outcome.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { OutcomeRecord, Store } from '../ports/store.ts';
import { keptFacts } from './kept-facts.ts';

/** Statements that are read at most, the newest: what an older one says of an older deployment is left out. */
const statementsRead = 1_000_000;

/** Records that are read together: what is kept of each is much smaller. */
const pageSize = 20_000;

/** What is known of the deployments of a service to an environment, the oldest first. @throws AqeError 6xxx. */
export async function deploymentsIn(
  store: Pick<Store, 'find'>,
  { service, environment, limit = statementsRead }: { service: string; environment: string; limit?: number },
): Promise<readonly Deployment[]> {
  return deploymentsOf(await statementsIn(store, { service, environment }, limit));
}

/** The newest `limit` statements, the oldest of them first; of every environment if none is named. @throws AqeError 6xxx. */
export async function statementsIn(
  store: Pick<Store, 'find'>,
  scope: { readonly service: string; readonly environment?: string },
  limit = statementsRead,
): Promise<readonly OutcomeStatement[]> {
  const statements: OutcomeStatement[] = [];
  const once = sharedTexts();
  let after: string | undefined;
  for (let more = true; more && statements.length < limit;) {
    const together = Math.min(pageSize, limit - statements.length);
    const page = await store.find('outcomes', { ...scope, order: 'newest', limit: together, ...(after && { after }) });
    for (const record of page) statements.push(statementWith(record, once));
    after = page.at(-1)?.id;
    more = page.length === together;
  }
  return statements.reverse();
}

/** @throws AqeError AQE6002 for a record that nobody here wrote. */
export function statementOf(record: OutcomeRecord): OutcomeStatement {
  return statementWith(record, (text) => text);
}

const bases = ['observed', 'inferred'] as const;

function statementWith(record: OutcomeRecord, once: (text: string) => string): OutcomeStatement {
  const { id, service, version, environment, deployment, deployedAt, source, reason, createdAt } = record;
  const outcome = outcomeStates.find((known) => known === record.outcome);
  const basis = bases.find((known) => known === record.basis);
  if (outcome === undefined || basis === undefined)
    throw new AqeError('AQE6002', `the outcome ${id} says ${record.outcome}, ${record.basis}`);
  for (const time of [deployedAt, createdAt])
    if (Number.isNaN(Date.parse(time))) throw new AqeError('AQE6002', `the outcome ${id} has no time but ${time}`);
  return {
    id,
    service: once(service),
    version,
    environment: once(environment),
    deployment: deployment === version ? version : deployment,
    outcome,
    deployedAt,
    basis,
    source: once(source),
    reason: once(reason),
    createdAt: once(createdAt),
    facts: keptFacts(record.facts),
  };
}

/** Texts that come again and again are held once: there may be a million statements. */
function sharedTexts(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size < 1_000) texts.set(text, text);
    return text;
  };
}
