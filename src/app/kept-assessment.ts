import type { Assessment } from '../core/decision/assessment.ts';
import type { EarlierRelease } from '../core/history/earlier-release.ts';
import { metricIds, type MetricId } from '../core/signal/metrics.ts';
import type { MetricResult, SignalSet } from '../core/signal/signal.ts';
import type { StoredAssessment } from '../ports/store.ts';
import { keptObject } from './kept-json.ts';

/** An assessment as it was kept, as far as it can be judged again. */
export type KeptAssessment = Pick<
  Assessment,
  | 'version'
  | 'environment'
  | 'createdAt'
  | 'decision'
  | 'status'
  | 'shadow'
  | 'fastTrack'
  | 'policyChange'
  | 'decisionDigest'
> & {
  readonly id: string;
  readonly signals: SignalSet;
  readonly gates: Assessment['gates']['gateResults'];
};

/** What a record holds. Metrics and parts that did not exist when it was written are missing. @throws AqeError AQE6002. */
export function keptAssessment({ id, body, ...row }: StoredAssessment): KeptAssessment {
  const kept = keptObject<Assessment>(body, 'assessments');
  const known: Readonly<Partial<Record<MetricId, MetricResult>>> = kept.signals ?? {};
  const signals = metricIds.map((metric): readonly [MetricId, MetricResult] => {
    const reason = 'not known when it was assessed';
    return [metric, known[metric] ?? { metric, state: 'missing', reason, sources: [] }];
  });
  const change = kept.policyChange ?? null;
  return {
    id,
    version: kept.version ?? row.version,
    environment: kept.environment ?? row.environment,
    createdAt: kept.createdAt ?? row.createdAt,
    decision: kept.decision ?? 'INCONCLUSIVE',
    status: kept.status ?? 'INCONCLUSIVE',
    shadow: kept.shadow ?? null,
    fastTrack: kept.fastTrack ?? null,
    policyChange: change,
    decisionDigest: kept.decisionDigest ?? '',
    signals: Object.fromEntries(signals) as SignalSet,
    gates: kept.gates?.gateResults ?? [],
  };
}

/** Gives the approved releases before each of the assessments, as it saw them. `all` is the newest first. */
export function earlierIn(all: readonly KeptAssessment[]): (of: KeptAssessment) => readonly EarlierRelease[] {
  const places = new Map(all.map((each, index) => [each, index]));
  const releases = all.map(earlierRelease);
  return (of) => {
    const versions = new Set([of.version]);
    return releases.slice((places.get(of) ?? all.length) + 1).flatMap((release): readonly EarlierRelease[] => {
      if (release === null || release.environment !== of.environment || versions.has(release.version)) return [];
      versions.add(release.version);
      return [release.approved];
    });
  };
}

/** null for what nobody is measured by: it was not approved, or only because nothing was enforced. */
function earlierRelease({
  version,
  createdAt,
  decisionDigest,
  decision,
  environment,
  shadow,
  signals,
}: KeptAssessment) {
  if (decision !== 'APPROVED' || shadow !== null) return null;
  const values = metricIds.flatMap((metric) => {
    const result = signals[metric];
    return result.state === 'measured' ? [[metric, result.signal.value] as const] : [];
  });
  const approved = { version, assessedAt: createdAt, decisionDigest, values: Object.fromEntries(values) };
  return { version, environment, approved };
}
