import type { ReleaseChange } from '../evidence/change.ts';
import { number } from './format.ts';
import type { MetricId } from './metrics.ts';
import type { Signal } from './signal.ts';
import { ratioSignal } from './sourced.ts';

/** Without the previous release nothing can be counted; in a shallow clone its absence does not mean a first release. */
export function changeIsKnown(change: ReleaseChange): boolean {
  return change.baseline !== null || change.historyComplete;
}

export function changeSignals(change: ReleaseChange): readonly Signal[] {
  if (!changeIsKnown(change)) return [];
  const since = change.baseline
    ? `since ${change.baseline.ref}`
    : 'in a first release, where everything counts as changed';
  const count = (metric: MetricId, value: number, basis: string): Signal => ({
    metric,
    value,
    exact: null,
    bound: 'exact',
    sources: ['git'],
    basis,
  });
  const { touched, total } = change.modules;
  const signals = [
    count(
      'change_size',
      change.linesAdded + change.linesDeleted,
      `+${number(change.linesAdded)} −${number(change.linesDeleted)} in ${number(change.filesChanged)} files ${since}`,
    ),
    count('affected_modules', touched.length, `${number(touched.length)} of ${number(total)} modules ${since}`),
    count(
      'dependency_impact',
      change.dependencyLines,
      `${number(change.dependencyLines)} lines in dependency manifests ${since}`,
    ),
  ];
  // Of a single module every change touches all: a share says nothing there.
  if (total > 1) {
    const share = { part: touched.length, whole: total };
    signals.push(
      ratioSignal('blast_radius', share, ['git'], `${number(touched.length)} of ${number(total)} modules ${since}`),
    );
  }
  if (change.changelogUpdated !== null) {
    signals.push(
      count(
        'changelog_updated',
        change.changelogUpdated ? 1 : 0,
        change.changelogUpdated
          ? 'the changelog changed or names the release'
          : `the changelog did not change ${since}`,
      ),
    );
  }
  return signals;
}
