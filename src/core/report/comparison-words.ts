import type {
  ChanceComparison,
  Comparison,
  GateComparison,
  ReleaseOverview,
  SideOfGate,
} from '../compare/compare-releases.ts';
import type { SideOfSignal, SignalComparison } from '../compare/compare-signals.ts';
import type { ComparedChance } from '../compare/compared-release.ts';
import { dimensionTitles } from '../risk/model.ts';
import { number, plural } from '../signal/format.ts';
import { formatSignal } from './format-signal.ts';
import { percentWords } from './outlook-words.ts';
import { ageOf } from './present.ts';

/** One line of the comparison. Texts are not encoded. */
export interface ComparisonRow {
  readonly what: string;
  readonly baseline: string;
  readonly candidate: string;
  /** What the difference amounts to; empty: nothing to say. */
  readonly difference: string;
}

export interface ComparisonSection {
  readonly id: 'overview' | 'gates' | 'worse' | 'apart' | 'better' | 'unchanged' | 'risk';
  readonly title: string;
  readonly rows: readonly ComparisonRow[];
}

const notKnown = 'not known';

/** The comparison in words, what got worse before everything else. Sections without rows are left out. */
export function comparisonSections(comparison: Comparison): readonly ComparisonSection[] {
  const { gates, signals, risk } = comparison;
  const moved = gates.filter(({ change }) => change !== 'unchanged');
  const signalRows = (...changes: readonly SignalComparison['change'][]): readonly ComparisonRow[] =>
    signals.filter(({ change }) => changes.includes(change)).map(signalRow);
  const sections: readonly ComparisonSection[] = [
    { id: 'overview', title: 'Overview', rows: overviewRows(comparison) },
    { id: 'gates', title: 'Gates that differ', rows: moved.map(gateRow) },
    { id: 'worse', title: 'Got worse', rows: signalRows('worse') },
    {
      id: 'apart',
      title: 'Not to be compared',
      rows: signalRows('only-baseline', 'not-comparable', 'only-candidate'),
    },
    { id: 'better', title: 'Got better', rows: signalRows('better') },
    { id: 'unchanged', title: 'Unchanged', rows: signalRows('unchanged') },
    {
      id: 'risk',
      title: 'Risk by dimension, points',
      rows: (risk?.dimensions ?? []).map(({ dimension, baseline, candidate, points }) => ({
        what: dimensionTitles[dimension],
        baseline: number(baseline),
        candidate: number(candidate),
        difference: signed(points),
      })),
    },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function overviewRows({
  baseline,
  candidate,
  risk,
  confidence,
  rollback,
  policiesDiffer,
}: Comparison): readonly ComparisonRow[] {
  const both = (of: (release: ReleaseOverview) => string): Pick<ComparisonRow, 'baseline' | 'candidate'> => ({
    baseline: of(baseline),
    candidate: of(candidate),
  });
  return [
    { what: 'Decision', ...both(decisionWords), difference: '' },
    { what: 'Assessed at', ...both(({ assessedAt }) => assessedAt), difference: '' },
    { what: 'Risk', ...both(riskWords), difference: risk === null ? '' : `${signed(risk.points)} points` },
    {
      what: 'Chance of success',
      ...both((release) => chanceWords(release.confidence)),
      difference: chanceDifference(confidence),
    },
    {
      what: 'Chance of rollback',
      ...both((release) => chanceWords(release.rollback)),
      difference: chanceDifference(rollback),
    },
    { what: 'Evidence', ...both(evidenceWords), difference: '' },
    ...(policiesDiffer
      ? [
          {
            what: 'Policy',
            ...both(({ policyDigest }) => policyDigest?.replace('sha256:', '').slice(0, 12) ?? notKnown),
            difference: 'judged by different policies',
          },
        ]
      : []),
  ];
}

function decisionWords({ decision, status, wouldBe }: ReleaseOverview): string {
  return wouldBe === null ? status : `${decision} in shadow mode, would be ${wouldBe}`;
}

function riskWords({ risk }: ReleaseOverview): string {
  if (risk === null) return notKnown;
  const range = risk.worst - risk.best > 0.05 ? `, ${number(risk.best)} to ${number(risk.worst)}` : '';
  return `${number(risk.score)} ${risk.level}${range}`;
}

function chanceWords(chance: ComparedChance | null): string {
  if (chance === null) return notKnown;
  const { percent, interval } = chance;
  const range = interval === null ? '' : `, ${percentWords(interval[0])} to ${percentWords(interval[1])}`;
  return `${percentWords(percent)}${range}${basisOf(chance)}`;
}

/** What it was learned from. */
function basisOf({ shows, deployments, inferred }: ComparedChance): string {
  const words = [
    ...(shows === 'prior' ? ['prior only, n = 0'] : []),
    ...(shows === 'base-rate' ? [`base rate of ${plural(deployments ?? 0, 'deployment')}`] : []),
    ...(shows === 'model' ? [`model of ${plural(deployments ?? 0, 'deployment')}`] : []),
    ...(inferred ? [plural(inferred, 'inferred outcome')] : []),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function chanceDifference(difference: ChanceComparison | null): string {
  if (difference === null) return '';
  const { percentagePoints, sameModel } = difference;
  return `${signed(percentagePoints)} percentage points${sameModel ? '' : ', learned from other outcomes'}`;
}

function evidenceWords({ evidence: { measured, oldest, newest }, assessedAt }: ReleaseOverview): string {
  if (measured === 0) return 'none measured';
  if (oldest === null || newest === null) return `${measured} measured, age not known`;
  const [least, most] = [ageOf(newest, assessedAt), ageOf(oldest, assessedAt)];
  return `${measured} measured, ${least === most ? least : `${least} to ${most}`} old`;
}

const gateChangeWords: Readonly<Record<GateComparison['change'], string>> = {
  closed: 'closed',
  changed: 'changed',
  added: 'not in the policy of the baseline',
  removed: 'not in the policy of the candidate',
  opened: 'opened',
  unchanged: '',
};

function gateRow({ gate, baseline, candidate, change }: GateComparison): ComparisonRow {
  return {
    what: gate,
    baseline: gateWords(baseline),
    candidate: gateWords(candidate),
    difference: gateChangeWords[change],
  };
}

function gateWords(side: SideOfGate | null): string {
  if (side === null) return 'none';
  const { outcome, enforcement, mode, overridden, skipped } = side;
  const notes = [
    enforcement,
    ...(mode === 'shadow' ? ['shadow'] : []),
    ...(overridden ? ['overridden'] : []),
    ...(skipped ? ['left out'] : []),
  ];
  return `${outcome} (${notes.join(', ')})`;
}

function signalRow({
  title,
  baseline,
  candidate,
  change,
  closes,
  riskPoints,
  relative,
}: SignalComparison): ComparisonRow {
  const words = [
    ...closes.map((gate) => `closes ${gate}`),
    ...(riskPoints === null || Math.abs(riskPoints) < 0.05 ? [] : [`${signed(riskPoints)} risk points`]),
    ...(relative === null || relative === 0 ? [] : [`${signed(relative)}%`]),
    ...(change === 'not-comparable' ? ['a bound, not a value'] : []),
    ...(change === 'only-baseline' || change === 'only-candidate' ? ['measured in one only'] : []),
  ];
  return {
    what: title,
    baseline: signalWords(baseline),
    candidate: signalWords(candidate),
    difference: words.join(', '),
  };
}

function signalWords({ state, signal }: SideOfSignal): string {
  return signal === null ? state : formatSignal(signal);
}

function signed(value: number): string {
  const words = number(value);
  return value > 0 && words !== '0' ? `+${words}` : words;
}
