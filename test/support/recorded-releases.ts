import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import type { OutcomeState } from '../../src/core/history/outcome.ts';
import type { OutcomeRecord, StoredAssessment } from '../../src/ports/store.ts';
import { aqe, databaseOf } from './cli.ts';
import type { Project } from './project.ts';
import { eventOf, outcomeOf } from './stored-records.ts';

/** Time of the n-th release: one a day at ten from 1 March 2026 on. */
export function releasedAt(day: number): string {
  return new Date(Date.UTC(2026, 2, day, 10)).toISOString();
}

/** The n-th release with its outcome, deployed and stated on its day. */
export function releaseOf(day: number, outcome: OutcomeState, over: Partial<OutcomeRecord> = {}): OutcomeRecord {
  const at = releasedAt(day);
  return outcomeOf(`o${day}`, {
    version: `v${day}`,
    deployment: `d${day}`,
    outcome,
    deployedAt: at,
    createdAt: at,
    ...over,
  });
}

export async function recordAll(
  { root }: Project,
  records: { readonly outcomes?: readonly OutcomeRecord[]; readonly assessments?: readonly StoredAssessment[] },
): Promise<void> {
  const store = await openSqliteStore(databaseOf(root));
  try {
    const all = [...(records.outcomes ?? []), ...(records.assessments ?? [])];
    await store.commit(records, [eventOf(`e-${all[0]?.id}-${all.length}`)]);
  } finally {
    await store.close();
  }
}

/** Makes an assessment of `shop` as the product keeps it, and gives copies of it for other releases, times and line coverages. */
export async function assessmentsOf(
  shop: Project,
): Promise<
  (version: string, createdAt: string, coverage: readonly [number, number], decision?: string) => StoredAssessment
> {
  await aqe(shop.root, ['assess', '--version', 'v0']);
  const store = await openSqliteStore(databaseOf(shop.root));
  const [made] = await store.find('assessments', { service: 'shop', version: 'v0' });
  await store.close();
  if (made === undefined) throw new Error('nothing was assessed');
  return (version, createdAt, [part, whole], decision = made.decision) => {
    const body = JSON.parse(made.body) as { signals: Record<string, { signal: object }> };
    const { line_coverage: coverage } = body.signals;
    const signal = { ...coverage!.signal, value: (100 * part) / whole, exact: { part, whole } };
    return {
      ...made,
      id: `a-${version}-${createdAt}`,
      version,
      createdAt,
      decision,
      body: JSON.stringify({
        ...body,
        version,
        createdAt,
        decision,
        signals: { ...body.signals, line_coverage: { ...coverage, signal } },
      }),
    };
  };
}
