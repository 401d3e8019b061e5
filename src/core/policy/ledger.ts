import type { Decision, Status } from '../decision/decide.ts';
import type { CriterionKey } from '../gate/criteria.ts';
import type { GateResult } from '../gate/evaluate-gate.ts';

/** A kept assessment, as far as the ledger looks at it. */
export interface LedgerEntry {
  readonly version: string;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
  readonly decision: Decision;
  /** What it would have been if it counted; null where it counted. */
  readonly shadow: { readonly decision: Decision; readonly status: Status } | null;
  readonly gates: readonly GateResult[];
}

/** How often something in shadow would have spoken. */
export interface LedgerCount {
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** Releases, the newest first. */
  readonly versions: readonly string[];
}

export interface LedgerGate {
  readonly gate: string;
  /** Assessments in which it was in shadow, by itself, by the mode of everything, or for a day that lay ahead. */
  readonly inShadow: number;
  readonly wouldBlock: LedgerCount | null;
  /** BLOCKING and without evidence. */
  readonly wouldBeInconclusive: LedgerCount | null;
  /** A WARNING gate that did not open. */
  readonly wouldWarn: LedgerCount | null;
  /** Criteria that kept it closed, the most frequent first. */
  readonly criteria: readonly { readonly key: CriterionKey; readonly count: number }[];
}

export interface Ledger {
  readonly assessments: number;
  /** Time of the oldest and of the newest one. */
  readonly from: string | null;
  readonly to: string | null;
  /** Assessments in which everything was in shadow, by what they would have been. */
  readonly mode: {
    readonly assessments: number;
    readonly wouldBe: readonly (LedgerCount & { readonly decision: Decision })[];
  };
  /** Gates that were in shadow, those that would have blocked most first. */
  readonly gates: readonly LedgerGate[];
}

/** What everything in shadow would have done. `entries` are the newest first. */
export function ledgerOf(entries: readonly LedgerEntry[]): Ledger {
  const shadowed = entries.filter(({ shadow }) => shadow !== null);
  const decisions = [...new Set(shadowed.map(({ shadow }) => shadow!.decision))];
  const names = [...new Set(entries.flatMap((entry) => shadowGates(entry).map(({ gate }) => gate)))];
  const gates = names.map((name) => gateOf(name, entries));
  const weight = ({ wouldBlock, wouldBeInconclusive, wouldWarn }: LedgerGate): readonly number[] =>
    [wouldBlock, wouldBeInconclusive, wouldWarn].map((each) => each?.count ?? 0);
  return {
    assessments: entries.length,
    from: entries.at(-1)?.createdAt ?? null,
    to: entries[0]?.createdAt ?? null,
    mode: {
      assessments: shadowed.length,
      wouldBe: decisions
        .map((decision) => ({
          decision,
          ...countOf(shadowed.filter(({ shadow }) => shadow?.decision === decision))!,
        }))
        .sort((a, b) => b.count - a.count),
    },
    gates: gates.sort((a, b) => {
      const [one, other] = [weight(a), weight(b)];
      const place = one.findIndex((each, index) => each !== other[index]);
      return place < 0 ? (a.gate < b.gate ? -1 : 1) : other[place]! - one[place]!;
    }),
  };
}

/** Gates that spoke and did not count. */
function shadowGates({ gates, shadow }: LedgerEntry): readonly GateResult[] {
  return gates.filter((gate) => gate.mode === 'shadow' || (shadow !== null && !gate.skipped));
}

function gateOf(name: string, entries: readonly LedgerEntry[]): LedgerGate {
  const seen = entries.flatMap((entry) =>
    shadowGates(entry)
      .filter(({ gate, overridden }) => gate === name && overridden === null)
      .map((result) => ({ entry, result })),
  );
  const those = (fits: (result: GateResult) => boolean): LedgerCount | null =>
    countOf(seen.filter(({ result }) => fits(result)).map(({ entry }) => entry));
  const closed = ({ outcome }: GateResult): boolean => outcome === 'fail' || outcome === 'no-evidence';
  const counts = new Map<CriterionKey, number>();
  for (const { result } of seen)
    for (const { key, outcome } of closed(result) ? result.criteria : [])
      if (outcome === 'fail' || outcome === 'no-evidence') counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    gate: name,
    inShadow: seen.length,
    wouldBlock: those(({ enforcement, outcome }) => enforcement === 'BLOCKING' && outcome === 'fail'),
    wouldBeInconclusive: those(({ enforcement, outcome }) => enforcement === 'BLOCKING' && outcome === 'no-evidence'),
    wouldWarn: those((result) => result.enforcement === 'WARNING' && closed(result)),
    criteria: [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => b.count - a.count),
  };
}

function countOf(entries: readonly LedgerEntry[]): LedgerCount | null {
  const [last, first] = [entries[0], entries.at(-1)];
  if (last === undefined || first === undefined) return null;
  const versions = [...new Set(entries.map(({ version }) => version))];
  return { count: entries.length, first: first.createdAt, last: last.createdAt, versions };
}
