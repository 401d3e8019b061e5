import type { Assessment } from '../core/decision/assessment.ts';
import type { EarlierRelease } from '../core/history/earlier-release.ts';
import type { MetricId } from '../core/signal/metrics.ts';
import type { Store, StoredAssessment } from '../ports/store.ts';
import { keptObject } from './kept-json.ts';

/** Assessments that are looked through for approved releases. */
const searched = 500;

/** The approved releases of a service in an environment but `version`, each with its newest approval, the newest first. */
export async function earlierReleases(
  store: Pick<Store, 'find'>,
  of: { readonly service: string; readonly environment: string; readonly version: string },
): Promise<readonly EarlierRelease[]> {
  const { service, environment } = of;
  const found = await store.find('assessments', { service, environment, order: 'newest', limit: searched });
  const versions = new Set([of.version]);
  return found.flatMap((assessment) => {
    if (assessment.decision !== 'APPROVED' || versions.has(assessment.version)) return [];
    const body = keptObject<KeptBody>(assessment.body, 'assessments');
    // A release that only passed because nothing was enforced is nothing to measure others by.
    if (body.shadow !== null) return [];
    // In an emergency nobody agreed to any of its values.
    if (body.approvals?.emergency?.opened) return [];
    versions.add(assessment.version);
    return [earlierRelease(assessment, body)];
  });
}

interface KeptBody {
  readonly shadow: object | null;
  readonly approvals: Pick<Assessment['approvals'], 'emergency'>;
  readonly gates: Pick<Assessment['gates'], 'gateResults'>;
  readonly signals: Readonly<Record<string, { readonly signal?: { readonly value: number } }>>;
}

function earlierRelease(
  { version, createdAt, decisionDigest }: StoredAssessment,
  { signals = {}, gates }: Partial<KeptBody>,
): EarlierRelease {
  const refused = refusedMetrics(gates?.gateResults ?? []);
  const values = Object.entries(signals).flatMap(([metric, { signal }]) =>
    signal === undefined || refused.has(metric) ? [] : [[metric as MetricId, signal.value] as const],
  );
  return { version, assessedAt: createdAt, decisionDigest, values: Object.fromEntries(values) };
}

/**
 * Metrics whose value a BLOCKING criterion refused and that went out all the same: the gate was overridden or left out, or the
 * criterion waived. Compared with such a value, the next release would need nobody to be as bad.
 */
function refusedMetrics(gates: Assessment['gates']['gateResults']): ReadonlySet<string> {
  const blocking = gates.filter(({ enforcement, mode }) => enforcement === 'BLOCKING' && mode === 'enforce');
  return new Set(
    blocking.flatMap(({ criteria, overridden, skipped }) =>
      criteria
        .filter(({ outcome }) => outcome === 'waived' || (outcome === 'fail' && (overridden !== null || skipped)))
        .map(({ metric }) => metric),
    ),
  );
}
