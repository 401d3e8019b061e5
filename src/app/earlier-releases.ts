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
    versions.add(assessment.version);
    return [earlierRelease(assessment, body)];
  });
}

interface KeptBody {
  readonly shadow: object | null;
  readonly signals: Readonly<Record<string, { readonly signal?: { readonly value: number } }>>;
}

function earlierRelease(
  { version, createdAt, decisionDigest }: StoredAssessment,
  { signals = {} }: Partial<KeptBody>,
): EarlierRelease {
  const values = Object.entries(signals).flatMap(([metric, { signal }]) =>
    signal === undefined ? [] : [[metric as MetricId, signal.value] as const],
  );
  return { version, assessedAt: createdAt, decisionDigest, values: Object.fromEntries(values) };
}
