import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import type { NewRecords, OutcomeRecord, StoredAssessment } from '../../src/ports/store.ts';
import { databaseOf } from './cli.ts';
import { assessmentOf, eventOf, outcomeOf } from './stored-records.ts';

/** A deployment to keep: its facts as an object. */
export type RecordedOutcome = Partial<Omit<OutcomeRecord, 'facts'>> & { readonly facts?: object };

/** Writes records into the state database of a project past the commands. */
export async function keep(root: string, records: NewRecords): Promise<void> {
  const store = await openSqliteStore(databaseOf(root));
  await store.commit(records, [eventOf(`event ${JSON.stringify(Object.keys(records))}`)]).finally(() => store.close());
}

/** One statement a deployment, named after the version. */
export function recorded(version: string, { facts = {}, ...over }: RecordedOutcome = {}): OutcomeRecord {
  const id = `${over.environment ?? ''} ${version}`;
  return outcomeOf(id, { version, deployment: version, ...over, facts: JSON.stringify(facts) });
}

/** An assessment with the parts that a body is asked for. */
export function assessed(version: string, body: object, over: Partial<StoredAssessment> = {}): StoredAssessment {
  const decision = (body as { readonly decision?: string }).decision ?? 'APPROVED';
  const id = `${version} ${over.createdAt ?? ''}`;
  return assessmentOf(id, { version, decision, status: decision, body: JSON.stringify(body), ...over });
}
