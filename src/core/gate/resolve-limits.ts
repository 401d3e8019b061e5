import { median, type EarlierRelease } from '../history/earlier-release.ts';
import { criterionKinds, metricOfCriterion, type ChangeLimit, type Criterion, type Gate } from './criteria.ts';

/**
 * The gates with every limit relative to earlier releases worked out. `earlier` holds approved releases, the newest first.
 * `<= +10 %` of a previous 480 ms is 528 ms; `>= -0.5` points of a previous 86 % is 85.5 %. Without an earlier value the
 * limit stays open and nothing passes it.
 */
export function resolveLimits(gates: readonly Gate[], earlier: readonly EarlierRelease[]): readonly Gate[] {
  return gates.map((gate) =>
    gate.criteria.some(({ change }) => change)
      ? { ...gate, criteria: gate.criteria.map((criterion) => resolved(criterion, earlier)) }
      : gate,
  );
}

function resolved(criterion: Criterion, earlier: readonly EarlierRelease[]): Criterion {
  const { change } = criterion;
  if (change === undefined) return criterion;
  const metric = metricOfCriterion(criterion);
  const count = change.against.kind === 'previous' ? 1 : change.against.count;
  const releases = earlier.filter(({ values }) => values[metric] !== undefined).slice(0, count);
  const value = median(releases.map(({ values }) => values[metric]!));
  // Of the last N the policy wants N: fewer are no basis.
  if (value === null || releases.length < count) return criterion;
  return {
    ...criterion,
    threshold: limitFrom(value, change),
    baseline: { value, versions: releases.map(({ version }) => version) },
  };
}

/** A limit from the value it is relative to. */
export function limitFrom(value: number, { by, in: unit }: Pick<ChangeLimit, 'by' | 'in'>): number {
  return unit === '%' ? value + (Math.abs(value) * by) / 100 : value + by;
}

/** True if a policy compares with earlier releases. */
export function asksForHistory(gates: readonly Gate[]): boolean {
  return gates.some(({ criteria }) => criteria.some(({ change }) => change));
}

/** `<= +10 % of the previous release`. */
export function changeWords({ key, change }: Pick<Criterion, 'key' | 'change'>): string {
  if (change === undefined) return '';
  const { by, in: unit, against } = change;
  const of = against.kind === 'previous' ? 'the previous release' : `the median of the last ${against.count} passes`;
  const { comparison } = criterionKinds[key];
  return `${comparison} ${by < 0 ? '−' : '+'}${Math.abs(by)}${unit === '%' ? ' %' : ''} of ${of}`;
}
