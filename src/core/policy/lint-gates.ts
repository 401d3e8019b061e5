import { criterionKinds, metricOfCriterion, type Criterion, type Gate } from '../gate/criteria.ts';
import { isMappable, metricOf, type Unit } from '../signal/metrics.ts';
import { criterionName } from './compare-gates.ts';
import type { LintFinding, LintInput, LintLevel, LintScope } from './lint-input.ts';

/** The best and worst value of a unit that a limit can still tell apart; beyond it every value is on one side. */
const largest: Readonly<Partial<Record<Unit, number>>> = {
  '%': 100,
  score: 100,
  grade: 5,
  cvss: 10,
  count: 1_000_000,
  lines: 10_000_000,
  ms: 3_600_000,
  'per-function': 10_000,
};

/** One of these that fails must not be made up for by others. */
const critical: readonly string[] = [
  'max_critical_vulnerabilities',
  'max_high_vulnerabilities',
  'max_critical_issues',
  'max_failed_tests',
];

export function lintGates(scope: LintScope, input: LintInput): readonly LintFinding[] {
  const { gates } = scope.policy;
  return gates.flatMap((gate) => [
    ...lintDate(gate, scope, input.now),
    ...lintScore(gate, scope),
    ...gate.criteria.flatMap((criterion) => [
      ...lintLimit(gate, criterion, scope),
      ...lintReach(gate, criterion, scope, input),
      ...lintMissing(gate, criterion, scope),
      ...lintRedundant(gate, criterion, scope, input.now),
    ]),
  ]);
}

function isBlocking({ enforcement, mode }: Gate): boolean {
  return enforcement === 'BLOCKING' && mode === 'enforce';
}

/** A gate that closes whatever fails of it, now. */
export function isInForce(gate: Gate, now: string): boolean {
  const ahead = gate.effectiveOn !== undefined && Date.parse(now) < Date.parse(gate.effectiveOn);
  return isBlocking(gate) && !ahead;
}

function about(scope: LintScope, gate: Gate, criterion: Criterion) {
  const path = scope.criterionAt(gate.name, criterion.key);
  return (rule: string, level: LintLevel, message: string, advice: string): LintFinding => ({
    rule,
    level,
    path,
    message: `${gate.name}: ${criterionName(criterion)} ${message}`,
    advice,
  });
}

function lintLimit(gate: Gate, criterion: Criterion, scope: LintScope): readonly LintFinding[] {
  const { key, threshold, change } = criterion;
  const { comparison } = criterionKinds[key];
  const { unit } = metricOf(metricOfCriterion(criterion));
  const finding = about(scope, gate, criterion);
  const top = largest[unit];
  const useless = 'set a limit that some release could miss, or leave the criterion out';
  if (comparison === 'is') return [];
  if (change) {
    const never = comparison === '>=' && (change.in === '%' ? change.by <= -100 : top === 100 && change.by <= -100);
    const always = comparison === '>=' && change.in === 'units' && top === 100 && change.by > 100;
    if (always) return [finding('threshold-never-passes', 'error', `cannot rise by ${change.by}`, 'lower the change')];
    return never ? [finding('threshold-never-fails', 'warning', 'lets the value fall to nothing', useless)] : [];
  }
  if (threshold === null) return [];
  const people = scope.policy.people.length;
  if (key === 'min_review_approvals' && people > 0 && threshold >= people)
    return [
      finding(
        'threshold-never-passes',
        'warning',
        `wants ${threshold} reviewers beside the author, and the policy knows ${people} people`,
        'lower it, or add the people',
      ),
    ];
  const never = comparison === '>=' ? threshold <= 0 : top !== undefined && threshold >= top;
  return never ? [finding('threshold-never-fails', 'warning', `passes whatever is measured`, useless)] : [];
}

/** Whether anything can ever answer the criterion. */
function lintReach(
  gate: Gate,
  criterion: Criterion,
  scope: LintScope,
  { givenMetrics }: LintInput,
): readonly LintFinding[] {
  const finding = about(scope, gate, criterion);
  const metric = metricOfCriterion(criterion);
  const found: LintFinding[] = [];
  if (isBlocking(gate) && metricOf(metric).from === 'person')
    found.push(
      finding(
        'person-in-blocking-gate',
        'error',
        'is answered by a word that nobody verifies, which opens no BLOCKING gate',
        'make the gate a WARNING, or ask for it under approvals.required',
      ),
    );
  else if (!givenMetrics.has(metric))
    found.push(
      finding(
        'metric-nobody-gives',
        isBlocking(gate) && criterion.whenMissing === undefined ? 'error' : 'warning',
        `asks for ${metric}, which no report that is read gives`,
        isMappable(metric) ? 'say under evidence.mappings which report has it' : 'leave the criterion out',
      ),
    );
  return found;
}

function lintMissing(gate: Gate, criterion: Criterion, scope: LintScope): readonly LintFinding[] {
  const { whenMissing } = criterion;
  if (!isBlocking(gate) || whenMissing === undefined || whenMissing.kind === 'block') return [];
  const effect = whenMissing.kind === 'warn' ? 'is only a warning' : 'is skipped';
  return [
    about(scope, gate, criterion)(
      'missing-does-not-block',
      'warning',
      `${effect} where nobody measured it: a report that is left out no longer blocks`,
      'use `block`, or name the report under evidence.files',
    ),
  ];
}

/** A limit that another gate, which blocks as well, sets as strictly or more. */
function lintRedundant(gate: Gate, criterion: Criterion, scope: LintScope, now: string): readonly LintFinding[] {
  const { key, threshold, on } = criterion;
  const { comparison } = criterionKinds[key];
  if (threshold === null || criterion.change || comparison === 'is') return [];
  const { gates } = scope.policy;
  const stricter = gates.find((other, index) => {
    if (other === gate || !isInForce(other, now) || (other.minScore ?? 100) < 100) return false;
    const limit = other.criteria.find((each) => each.key === key && each.on === on && each.change === undefined);
    if (limit === undefined || limit.threshold === null || (limit.whenMissing?.kind ?? 'block') !== 'block')
      return false;
    const order = comparison === '>=' ? limit.threshold - threshold : threshold - limit.threshold;
    // Of two equal ones the first stays, unless only the other one blocks.
    return order > 0 || (order === 0 && (index < gates.indexOf(gate) || !isInForce(gate, now)));
  });
  if (stricter === undefined) return [];
  return [
    about(scope, gate, criterion)(
      'limit-without-effect',
      'warning',
      `decides nothing: gate ${stricter.name} asks for as much or more and blocks`,
      'leave one of them out',
    ),
  ];
}

function lintDate({ name, effectiveOn }: Gate, scope: LintScope, now: string): readonly LintFinding[] {
  if (effectiveOn === undefined || Date.parse(now) < Date.parse(effectiveOn)) return [];
  return [
    {
      rule: 'effective-on-past',
      level: 'warning',
      path: [...scope.gateAt(name), 'effective_on'],
      message: `${name}: counts since ${effectiveOn}`,
      advice: 'leave effective_on out',
    },
  ];
}

function lintScore({ name, minScore, criteria, enforcement }: Gate, scope: LintScope): readonly LintFinding[] {
  if (minScore === undefined || minScore >= 100 || enforcement === 'ADVISORY') return [];
  const path = [...scope.gateAt(name), 'min_score'];
  const total = criteria.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const outvoted = criteria.filter(({ weight = 1 }) => total - weight >= (minScore * total) / 100 && total > weight);
  if (outvoted.length === 0)
    return [
      {
        rule: 'score-without-effect',
        level: 'warning',
        path,
        message: `${name}: min_score ${minScore} is the same as 100: no criterion can fail without closing the gate`,
        advice: 'lower it, or leave it out',
      },
    ];
  const grave = outvoted.filter(({ key }) => critical.includes(key)).map(criterionName);
  if (grave.length === 0) return [];
  return [
    {
      rule: 'score-outvotes',
      level: 'warning',
      path,
      message: `${name}: min_score ${minScore} lets the others outvote ${grave.join(', ')}`,
      advice: 'give it a gate of its own, or a weight that the others cannot make up for',
    },
  ];
}
