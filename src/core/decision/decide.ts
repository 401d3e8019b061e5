import type { GateResult } from '../gate/evaluate-gate.ts';
import type { GateSummary } from '../gate/enforce.ts';
import type { Mode } from '../gate/criteria.ts';
import { isMeasured, type RiskAssessment } from '../risk/assess-risk.ts';
import { number, plural } from '../signal/format.ts';
import { signalOf, type SignalSet } from '../signal/signal.ts';

/** What a pipeline tests. */
export type Decision = 'APPROVED' | 'BLOCKED' | 'INCONCLUSIVE' | 'PENDING_APPROVAL';
export type Status = Decision | 'APPROVED_WITH_WARNINGS';

export type RuleId =
  | 'blocking-gate-failed'
  | 'risk-critical'
  | 'blocking-gate-without-evidence'
  | 'nothing-measured'
  | 'risk-may-be-critical'
  | 'risk-high'
  | 'risk-may-be-high'
  | 'warning-gate-not-passed'
  | 'failed-tests-without-gate'
  | 'risk-medium'
  | 'gates-skipped'
  | 'shadow';

export interface FiredRule {
  readonly rule: RuleId;
  /** What the rule alone would lead to. */
  readonly leadsTo: Status;
  readonly message: string;
}

export interface Verdict {
  readonly decision: Decision;
  readonly status: Status;
  readonly message: string;
  /** Every rule that fired, the strongest first. Empty means that nothing speaks against the release. */
  readonly rules: readonly FiredRule[];
  /** In shadow mode: what the verdict would be if it counted. */
  readonly shadowed: { readonly decision: Decision; readonly status: Status } | null;
}

export interface DecisionInput {
  readonly gates: GateSummary;
  readonly risk: RiskAssessment;
  readonly signals: SignalSet;
  readonly mode: Mode;
}

/** From the strongest objection to none. */
const order: readonly Status[] = ['BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL', 'APPROVED_WITH_WARNINGS', 'APPROVED'];

/**
 * Go or no-go: the strongest rule that fires decides, and all that fire are listed. Where evidence is missing the worst
 * case counts against the release (never for it), so taking evidence away can never lead to a better verdict.
 */
export function decide(input: DecisionInput): Verdict {
  const rules = firedRules(input).sort((a, b) => order.indexOf(a.leadsTo) - order.indexOf(b.leadsTo));
  const status = rules[0]?.leadsTo ?? 'APPROVED';
  const verdict = { decision: decisionOf(status), status, message: messageOf(status, input.gates) };
  if (input.mode !== 'shadow') return { ...verdict, rules, shadowed: null };
  const shadow: FiredRule = {
    rule: 'shadow',
    leadsTo: 'APPROVED_WITH_WARNINGS',
    message: `shadow mode: would be ${status}, nothing is enforced`,
  };
  return {
    decision: 'APPROVED',
    status: 'APPROVED_WITH_WARNINGS',
    message: `Shadow mode: reported, not enforced; would be ${status}`,
    rules: [shadow, ...rules],
    shadowed: { decision: verdict.decision, status },
  };
}

function firedRules({ gates, risk, signals }: DecisionInput): FiredRule[] {
  const rules: FiredRule[] = [...riskRules(risk)];
  const fire = (rule: RuleId, leadsTo: Status, message: string): void => void rules.push({ rule, leadsTo, message });

  for (const gate of gates.blockers) fire('blocking-gate-failed', 'BLOCKED', `${gate.gate} failed: ${failures(gate)}`);
  for (const gate of gates.inconclusive)
    fire('blocking-gate-without-evidence', 'INCONCLUSIVE', `${gate.gate} has no evidence: ${gaps(gate)}`);
  for (const gate of gates.warnings) {
    const words = gate.outcome === 'fail' ? `failed: ${failures(gate)}` : `has no evidence: ${gaps(gate)}`;
    fire('warning-gate-not-passed', 'APPROVED_WITH_WARNINGS', `${gate.gate} ${words}`);
  }

  const failed = signalOf(signals, 'failed_tests');
  const counting = gates.gateResults.filter((gate) => gate.mode === 'enforce' && !gate.skipped);
  const guarded = counting.some((gate) => gate.criteria.some((criterion) => criterion.metric === 'failed_tests'));
  // Unknown counts like failed: a test report that is taken away must not take the warning with it.
  if (!guarded && failed?.value !== 0) {
    const words = failed ? `${plural(failed.value, 'test')} failed` : 'it is not known whether tests failed';
    fire(
      'failed-tests-without-gate',
      'APPROVED_WITH_WARNINGS',
      `${words} and no gate looks at failed tests (max_failed_tests)`,
    );
  }

  const skipped = gates.gateResults.filter((gate) => gate.skipped).map((gate) => gate.gate);
  if (skipped.length > 0) fire('gates-skipped', 'APPROVED_WITH_WARNINGS', `fast-track left out ${skipped.join(', ')}`);
  return rules;
}

/** The level of the point value, and where the worst case is a level higher, that. */
function riskRules(risk: RiskAssessment): readonly FiredRule[] {
  if (!isMeasured(risk)) {
    return [{ rule: 'nothing-measured', leadsTo: 'INCONCLUSIVE', message: 'no metric of the risk score is measured' }];
  }
  const score = `risk ${number(risk.overallRisk)}`;
  const lacking = risk.settledBy.slice(0, 3).map(({ metric }) => metric);
  const worst = `it could be as high as ${number(risk.interval.worst)}, for want of ${lacking.join(', ')}`;
  const rules: FiredRule[] = [];
  const fire = (rule: RuleId, leadsTo: Status, message: string): void => void rules.push({ rule, leadsTo, message });
  const { level, worstLevel } = risk;
  if (level === 'CRITICAL') fire('risk-critical', 'BLOCKED', `${score} is CRITICAL`);
  else if (worstLevel === 'CRITICAL')
    fire('risk-may-be-critical', 'INCONCLUSIVE', `${score} is not shown to be below CRITICAL: ${worst}`);
  if (level === 'HIGH') fire('risk-high', 'PENDING_APPROVAL', `${score} is HIGH: a person has to approve`);
  else if (worstLevel === 'HIGH')
    fire(
      'risk-may-be-high',
      'PENDING_APPROVAL',
      `${score} is not shown to be below HIGH: ${worst}; a person has to approve`,
    );
  if (level === 'MEDIUM') fire('risk-medium', 'APPROVED_WITH_WARNINGS', `${score} is MEDIUM: deploy with monitoring`);
  else if (worstLevel === 'MEDIUM')
    fire('risk-medium', 'APPROVED_WITH_WARNINGS', `${score} is not shown to be LOW: ${worst}`);
  return rules;
}

function failures(gate: GateResult): string {
  return gate.criteria
    .filter((criterion) => criterion.outcome === 'fail')
    .map((criterion) => criterion.key)
    .join(', ');
}

function gaps(gate: GateResult): string {
  return gate.criteria
    .filter((criterion) => criterion.outcome === 'no-evidence')
    .map((criterion) => `${criterion.key} (${criterion.state})`)
    .join(', ');
}

export function decisionOf(status: Status): Decision {
  return status === 'APPROVED_WITH_WARNINGS' ? 'APPROVED' : status;
}

function messageOf(status: Status, gates: GateSummary): string {
  switch (status) {
    case 'BLOCKED':
      return gates.blockers.length > 0 ? gates.message : 'Deployment blocked by its risk';
    case 'INCONCLUSIVE':
      return gates.inconclusive.length > 0 ? gates.message : 'Evidence does not show that the risk is acceptable';
    case 'PENDING_APPROVAL':
      return 'A person has to approve: the risk is, or may be, HIGH';
    case 'APPROVED_WITH_WARNINGS':
      return 'All blocking gates passed, with warnings';
    case 'APPROVED':
      return 'All deployment gates passed';
  }
}

/** Exit status of a command that ends in a verdict. `strict` makes warnings a no. */
export function exitCode(verdict: Pick<Verdict, 'status'>, strict = false): 0 | 1 | 3 | 4 {
  switch (verdict.status) {
    case 'APPROVED':
      return 0;
    case 'APPROVED_WITH_WARNINGS':
      return strict ? 1 : 0;
    case 'BLOCKED':
      return 1;
    case 'INCONCLUSIVE':
      return 3;
    case 'PENDING_APPROVAL':
      return 4;
  }
}
