import type { Outcome } from '../gate/evaluate-gate.ts';
import type { Enforcement } from '../gate/criteria.ts';
import { dimensions, type Dimension } from '../risk/model.ts';
import { compareSignals, type SignalComparison } from './compare-signals.ts';
import type { ComparedChance, ComparedRelease } from './compared-release.ts';

/** `closed` and `opened`: a gate that was open in the one and is not in the other. `added` and `removed`: a gate of one policy only. */
const gateChanges = ['closed', 'changed', 'added', 'removed', 'opened', 'unchanged'] as const;
export type GateChange = (typeof gateChanges)[number];

export interface SideOfGate {
  readonly enforcement: Enforcement;
  readonly mode: 'enforce' | 'shadow';
  readonly outcome: Outcome;
  readonly overridden: boolean;
  readonly skipped: boolean;
}

export interface GateComparison {
  readonly gate: string;
  /** null: the policy had no such gate. */
  readonly baseline: SideOfGate | null;
  readonly candidate: SideOfGate | null;
  readonly change: GateChange;
}

export interface DimensionComparison {
  readonly dimension: Dimension;
  readonly baseline: number;
  readonly candidate: number;
  /** Points more than in the baseline. */
  readonly points: number;
}

/** Two releases side by side. Everything that has an order begins with what got worse. */
export interface Comparison {
  readonly baseline: ReleaseOverview;
  readonly candidate: ReleaseOverview;
  /** Judged by different policies: gates and limits may differ for that reason. */
  readonly policiesDiffer: boolean;
  readonly gates: readonly GateComparison[];
  readonly signals: readonly SignalComparison[];
  /** null where one of them has no score. */
  readonly risk: { readonly points: number; readonly dimensions: readonly DimensionComparison[] } | null;
  /** Percentage points; null where one of them has none. `sameModel`: learned from the same outcomes. */
  readonly confidence: ChanceComparison | null;
  readonly rollback: ChanceComparison | null;
}

export interface ChanceComparison {
  readonly percentagePoints: number;
  readonly sameModel: boolean;
}

export interface ReleaseOverview {
  readonly version: string;
  readonly assessedAt: string;
  readonly decision: string;
  readonly status: string;
  readonly wouldBe: string | null;
  readonly policyDigest: string | null;
  readonly decisionDigest: string;
  readonly risk: {
    readonly score: number;
    readonly level: string;
    readonly best: number;
    readonly worst: number;
  } | null;
  readonly confidence: ComparedChance | null;
  readonly rollback: ComparedChance | null;
  readonly evidence: {
    readonly measured: number;
    /** Oldest and newest time at which it was taken; null: not known of any. */
    readonly oldest: string | null;
    readonly newest: string | null;
  };
}

export function compareReleases(baseline: ComparedRelease, candidate: ComparedRelease): Comparison {
  return {
    baseline: overviewOf(baseline),
    candidate: overviewOf(candidate),
    policiesDiffer: baseline.policyDigest !== candidate.policyDigest,
    gates: compareGates(baseline, candidate),
    signals: compareSignals(baseline, candidate),
    risk: compareRisk(baseline, candidate),
    confidence: compareChances(baseline.confidence, candidate.confidence),
    rollback: compareChances(baseline.rollback, candidate.rollback),
  };
}

function overviewOf(release: ComparedRelease): ReleaseOverview {
  const { signals: _signals, gates: _gates, evidenceTaken, risk, ...rest } = release;
  const taken = evidenceTaken
    .filter((each) => each !== null)
    .toSorted((one, other) => Date.parse(one) - Date.parse(other));
  return {
    ...rest,
    risk: risk && { score: risk.overallRisk, level: risk.level, ...risk.interval },
    evidence: { measured: evidenceTaken.length, oldest: taken[0] ?? null, newest: taken.at(-1) ?? null },
  };
}

function compareGates(baseline: ComparedRelease, candidate: ComparedRelease): readonly GateComparison[] {
  const before = new Map(baseline.gates.map((gate) => [gate.gate, gate]));
  const after = new Map(candidate.gates.map((gate) => [gate.gate, gate]));
  const names = [...new Set([...after.keys(), ...before.keys()])];
  const compared = names.map((name): GateComparison => {
    const [one, other] = [before.get(name), after.get(name)];
    const sides = { baseline: one ? gateSide(one) : null, candidate: other ? gateSide(other) : null };
    return { gate: name, ...sides, change: gateChange(sides, [one?.passed ?? false, other?.passed ?? false]) };
  });
  const weight = ({ candidate: now, baseline: then }: GateComparison): number =>
    ['BLOCKING', 'WARNING', 'ADVISORY'].indexOf((now ?? then)?.enforcement ?? 'ADVISORY');
  return compared.sort(
    (a, b) => gateChanges.indexOf(a.change) - gateChanges.indexOf(b.change) || weight(a) - weight(b),
  );
}

function gateSide({ enforcement, mode, outcome, overridden, skipped }: ComparedRelease['gates'][number]): SideOfGate {
  return { enforcement, mode, outcome, overridden: overridden !== null, skipped };
}

function gateChange(
  { baseline, candidate }: Pick<GateComparison, 'baseline' | 'candidate'>,
  [passed, passes]: readonly [boolean, boolean],
): GateChange {
  if (baseline === null) return 'added';
  if (candidate === null) return 'removed';
  if (passed !== passes) return passed ? 'closed' : 'opened';
  return Object.entries(baseline).every(([key, value]) => candidate[key as keyof SideOfGate] === value)
    ? 'unchanged'
    : 'changed';
}

function compareRisk({ risk: before }: ComparedRelease, { risk: after }: ComparedRelease): Comparison['risk'] {
  if (before === null || after === null) return null;
  const all = dimensions.flatMap((dimension): readonly DimensionComparison[] => {
    const [one, other] = [before.dimensions[dimension]?.points, after.dimensions[dimension]?.points];
    if (one === undefined || other === undefined) return [];
    return [{ dimension, baseline: one, candidate: other, points: other - one }];
  });
  return { points: after.overallRisk - before.overallRisk, dimensions: all.sort((a, b) => b.points - a.points) };
}

function compareChances(before: ComparedChance | null, after: ComparedChance | null): ChanceComparison | null {
  if (before === null || after === null) return null;
  return {
    percentagePoints: after.percent - before.percent,
    sameModel: before.trainingDigest !== null && before.trainingDigest === after.trainingDigest,
  };
}
