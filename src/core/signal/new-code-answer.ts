import type { ChangedLines } from '../evidence/changed-lines.ts';
import type { MetricId } from './metrics.ts';
import type { Signal } from './signal.ts';

/** Why a metric of new code has no value. */
export interface NewCodeGap {
  readonly state: 'missing' | 'not-applicable';
  readonly reason: string;
  readonly sources: readonly string[];
}

/** The values of metrics of new code, and for each that has none why. */
export interface NewCodeAnswer {
  readonly signals: readonly Signal[];
  readonly gaps: ReadonlyMap<MetricId, NewCodeGap>;
}

export function gapOf(
  metric: MetricId,
  state: NewCodeGap['state'],
  reason: string,
  sources: readonly string[],
): NewCodeAnswer {
  return { signals: [], gaps: new Map([[metric, { state, reason, sources }]]) };
}

export function newSince({ since }: ChangedLines): string {
  return since === null ? 'in a first release, where everything is new' : `since ${since}`;
}
