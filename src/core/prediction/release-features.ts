import type { ReleaseChange } from '../evidence/change.ts';
import type { LocalTime } from '../evidence/local-time.ts';
import { signalOf, type SignalSet } from '../signal/signal.ts';
import type { FeatureId, FeatureValues } from './features.ts';
import type { PredictionSettings } from './settings.ts';

export interface ReleaseFacts {
  readonly change: ReleaseChange | null;
  readonly signals: SignalSet;
  readonly localTime: Pick<LocalTime, 'weekday' | 'hour'>;
  /** ISO-8601 UTC. */
  readonly now: string;
  /** Time of the newest deployment before this release; null: none is recorded. */
  readonly lastDeployedAt: string | null;
  readonly settings: Pick<PredictionSettings, 'workingHours'>;
}

/** What a release looks like, as far as it is known. What nobody measured is absent. */
export function featuresOf(facts: ReleaseFacts): FeatureValues {
  const all: Readonly<Record<FeatureId, number | null>> = {
    ...changeFeatures(facts.change),
    ...signalFeatures(facts.signals),
    days_since_deployment: daysBetween(facts.lastDeployedAt, facts.now),
    ...timeFeatures(facts),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && Number.isFinite(value)));
}

/** Of a first release, which is everything the project holds, and of an incomplete history nothing can be compared with others. */
function changeFeatures(change: ReleaseChange | null) {
  const known = change !== null && change.baseline !== null ? change : null;
  const commits = known?.authors.reduce((sum, author) => sum + author.commits, 0) ?? 0;
  return {
    change_size: known && known.linesAdded + known.linesDeleted,
    files_changed: known && known.filesChanged,
    change_spread: known && known.entropy,
    fix_share: known && known.commits > 0 ? known.kinds.fixes / known.commits : null,
    // Each commit counts with what its author had done here before.
    team_experience:
      known?.historyComplete && commits > 0
        ? known.authors.reduce((sum, author) => sum + author.commits * author.priorCommits, 0) / commits
        : null,
  };
}

function signalFeatures(signals: SignalSet) {
  const valueOf = (metric: keyof SignalSet): number | null => signalOf(signals, metric)?.value ?? null;
  const [critical, high] = [valueOf('critical_vulnerabilities'), valueOf('high_vulnerabilities')];
  return {
    complexity: valueOf('complexity'),
    test_coverage: valueOf('line_coverage'),
    critical_bugs: valueOf('critical_issues'),
    vulnerabilities: critical === null || high === null ? null : critical + high,
    failed_tests: valueOf('failed_tests'),
  };
}

/** What the clock on the wall says of a moment. */
export function timeFeatures({
  localTime: { weekday, hour },
  settings: { workingHours },
}: Pick<ReleaseFacts, 'localTime' | 'settings'>) {
  const weekend = weekday === 'Saturday' || weekday === 'Sunday';
  return {
    off_hours: weekend || hour < workingHours.from || hour >= workingHours.to ? 1 : 0,
    end_of_week: weekend || weekday === 'Friday' ? 1 : 0,
  };
}

function daysBetween(from: string | null, to: string): number | null {
  return from === null ? null : Math.max(0, (Date.parse(to) - Date.parse(from)) / 86_400_000);
}
