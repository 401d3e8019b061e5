import { noSanctions, type Sanctions } from '../approval/sanctions.ts';
import type { FrozenBy } from '../freeze/freeze.ts';
import type { GateResult, OpenedBy } from '../gate/evaluate-gate.ts';
import type { GateSummary } from '../gate/enforce.ts';
import type { Mode } from '../gate/criteria.ts';
import type { ApprovalPolicy, ApprovalRequirement, RequirementKind } from '../policy/people.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicyChange } from '../policy/policy-change.ts';
import { isMeasured, type RiskAssessment } from '../risk/assess-risk.ts';
import { number, plural } from '../signal/format.ts';
import { signalOf, type SignalSet } from '../signal/signal.ts';

/** What a pipeline tests. */
export type Decision = 'APPROVED' | 'BLOCKED' | 'INCONCLUSIVE' | 'PENDING_APPROVAL';
export type Status = Decision | 'APPROVED_WITH_WARNINGS';

export const ruleIds = [
  'emergency-approved',
  'blocking-gate-failed',
  'risk-critical',
  'rejected',
  'blocking-gate-without-evidence',
  'nothing-measured',
  'risk-may-be-critical',
  'frozen',
  'policy-changed',
  'approval-required',
  'risk-high',
  'risk-may-be-high',
  'gate-overridden',
  'gate-waived',
  'gate-not-applicable',
  'warning-gate-not-passed',
  'missing-evidence-allowed',
  'failed-tests-without-gate',
  'review-overdue',
  'risk-medium',
  'gates-skipped',
  'shadow',
] as const;
export type RuleId = (typeof ruleIds)[number];

export interface FiredRule {
  readonly rule: RuleId;
  /** What the rule alone would lead to. */
  readonly leadsTo: Status;
  readonly message: string;
  /** An emergency approval sets it aside: it is shown and does not decide. */
  readonly setAside: boolean;
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
  readonly approvals: ApprovalPolicy;
  readonly onPolicyChange: Policy['onPolicyChange'];
  /** What the release changes in its own policy; null: nothing. */
  readonly policyChange: PolicyChange | null;
  /** What people said; without it every requirement stands open. */
  readonly sanctions?: Sanctions;
  /** Freezes that hold. */
  readonly freezes?: readonly FrozenBy[];
}

/** From the strongest objection to none. */
const order: readonly Status[] = ['BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL', 'APPROVED_WITH_WARNINGS', 'APPROVED'];

/**
 * Go or no-go: the strongest rule that fires decides, and all that fire are listed. Where evidence is missing the worst
 * case counts against the release (never for it), so taking evidence away can never lead to a better verdict. An emergency
 * approval sets every objection aside, and says so first.
 */
export function decide(input: DecisionInput): Verdict {
  const { sanctions = noSanctions, freezes = [] } = input;
  const fired = [...firedRules(input, sanctions), ...outsideRules(sanctions, freezes)].sort(
    (a, b) => order.indexOf(a.leadsTo) - order.indexOf(b.leadsTo),
  );
  const emergency = sanctions.emergency?.opened ?? null;
  const rules = emergency === null ? fired : [emergencyRule(emergency), ...fired.map(asideOf)];
  const deciding = rules.find((rule) => !rule.setAside);
  const status = deciding?.leadsTo ?? 'APPROVED';
  const verdict = { decision: decisionOf(status), status, message: messageOf(status, deciding, input.gates, rules) };
  if (input.mode !== 'shadow') return { ...verdict, rules, shadowed: null };
  const shadow = firedRule('shadow', 'APPROVED_WITH_WARNINGS', `shadow mode: would be ${status}, nothing is enforced`);
  return {
    decision: 'APPROVED',
    status: 'APPROVED_WITH_WARNINGS',
    message: `Shadow mode: reported, not enforced; would be ${status}`,
    rules: [shadow, ...rules],
    shadowed: { decision: verdict.decision, status },
  };
}

/** Whether a release that changes its own policy only has to say so. */
function isOnlyReported(onPolicyChange: Policy['onPolicyChange'], change: Pick<PolicyChange, 'asks'>): boolean {
  return onPolicyChange === 'report' && change.asks === 'report';
}

/** Kinds of approval that the rules ask for. */
export function requiredKinds(
  rules: readonly Pick<FiredRule, 'rule'>[],
  { onPolicyChange }: Pick<Policy, 'onPolicyChange'>,
  policyChange: Pick<PolicyChange, 'asks'> | null,
): readonly RequirementKind[] {
  const has = (...ids: readonly RuleId[]): boolean => rules.some(({ rule }) => ids.includes(rule));
  return [
    ...(has('approval-required') ? (['always'] as const) : []),
    ...(has('risk-high', 'risk-may-be-high') ? (['high-risk'] as const) : []),
    ...(has('policy-changed') && !(policyChange && isOnlyReported(onPolicyChange, policyChange))
      ? (['policy-change'] as const)
      : []),
  ];
}

function firedRule(rule: RuleId, leadsTo: Status, message: string): FiredRule {
  return { rule, leadsTo, message, setAside: false };
}

function emergencyRule({ people, justification, until }: OpenedBy): FiredRule {
  return firedRule(
    'emergency-approved',
    'APPROVED_WITH_WARNINGS',
    `EMERGENCY approval by ${people.join(' and ')} until ${until}: ${justification}`,
  );
}

function asideOf(rule: FiredRule): FiredRule {
  return order.indexOf(rule.leadsTo) < order.indexOf('APPROVED_WITH_WARNINGS') ? { ...rule, setAside: true } : rule;
}

/** What the evidence and the policy say. */
function firedRules(input: DecisionInput, sanctions: Sanctions): FiredRule[] {
  const { gates, risk, signals, policyChange, approvals, onPolicyChange } = input;
  const approved = approvalsOf(approvals.required, sanctions);
  const rules: FiredRule[] = [...riskRules(risk, approved('high-risk'))];
  const fire = (rule: RuleId, leadsTo: Status, message: string): void =>
    void rules.push(firedRule(rule, leadsTo, message));

  for (const gate of gates.blockers) fire('blocking-gate-failed', 'BLOCKED', `${gate.gate} failed: ${failures(gate)}`);
  for (const gate of gates.inconclusive)
    fire('blocking-gate-without-evidence', 'INCONCLUSIVE', `${gate.gate} has no evidence: ${gaps(gate)}`);
  for (const gate of gates.warnings) {
    const words = gate.outcome === 'fail' ? `failed: ${failures(gate)}` : `has no evidence: ${gaps(gate)}`;
    fire('warning-gate-not-passed', 'APPROVED_WITH_WARNINGS', `${gate.gate} ${words}`);
  }

  const counting = gates.gateResults.filter((gate) => gate.mode === 'enforce' && !gate.skipped);
  for (const gate of counting.filter(({ enforcement }) => enforcement !== 'ADVISORY')) {
    if (gate.overridden) fire('gate-overridden', 'APPROVED_WITH_WARNINGS', overriddenWords(gate, gate.overridden));
    else if (gate.outcome === 'skipped')
      fire(
        'gate-not-applicable',
        'APPROVED_WITH_WARNINGS',
        `${gate.gate} does not apply: ${reasonsOf(gate, 'skipped')}`,
      );
    const waived = reasonsOf(gate, 'waived');
    if (waived !== '') fire('gate-waived', 'APPROVED_WITH_WARNINGS', `${gate.gate}: ${waived}`);
    const lacking = gate.criteria.filter(({ warns }) => warns).map(({ key }) => key);
    if (lacking.length > 0)
      fire(
        'missing-evidence-allowed',
        'APPROVED_WITH_WARNINGS',
        `${gate.gate}: ${lacking.join(', ')} not measured, the policy only warns`,
      );
  }

  const failed = signalOf(signals, 'failed_tests');
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

  if (policyChange) {
    const given = isOnlyReported(onPolicyChange, policyChange) ? '' : approved('policy-change');
    const words = `the release changes its own policy: ${policyChange.words}`;
    fire('policy-changed', given === null ? 'PENDING_APPROVAL' : 'APPROVED_WITH_WARNINGS', withWords(words, given));
  }
  if (approvals.required.some(({ when }) => when === 'always')) {
    const given = approved('always');
    const names = approvals.required.filter(({ when }) => when === 'always').map(({ name }) => name);
    const words = `${names.join(', ')}: ${given ?? 'a person has to approve'}`;
    fire('approval-required', given === null ? 'PENDING_APPROVAL' : 'APPROVED', words);
  }
  return rules;
}

/** What people and the calendar say. */
function outsideRules({ rejections, reviews }: Sanctions, freezes: readonly FrozenBy[]): readonly FiredRule[] {
  return [
    ...rejections.map(({ person, comment }) =>
      firedRule('rejected', 'BLOCKED', `rejected by ${person}${comment === '' ? '' : `: ${comment}`}`),
    ),
    ...freezes.map(({ name, until, reason }) =>
      firedRule(
        'frozen',
        'PENDING_APPROVAL',
        `change freeze ${name} until ${until}${reason === '' ? '' : `: ${reason}`}`,
      ),
    ),
    ...reviews
      .filter(({ overdue }) => overdue)
      .map(({ version, dueAt }) =>
        firedRule(
          'review-overdue',
          'APPROVED_WITH_WARNINGS',
          `the review of the emergency approval of ${version} was due ${dueAt}`,
        ),
      ),
  ];
}

/** Words for a kind of approval that is given, or null while it is not; a policy without such a requirement has nobody to give it. */
function approvalsOf(
  required: readonly ApprovalRequirement[],
  { requirements }: Sanctions,
): (kind: RequirementKind) => string | null {
  return (kind) => {
    const asked = required.filter(({ when }) => when === kind);
    const states = asked.map(({ name }) => requirements.find(({ requirement }) => requirement.name === name));
    if (asked.length === 0 || states.some((state) => state === undefined || state.missing > 0)) return null;
    const people = states.flatMap((state) => state?.agreed.map(({ person }) => person) ?? []);
    return `approved by ${[...new Set(people)].join(' and ')}`;
  };
}

function withWords(message: string, given: string | null): string {
  return given === null ? `${message}; a person has to approve` : given === '' ? message : `${message}; ${given}`;
}

function overriddenWords({ gate, outcome }: GateResult, { people, justification, until }: OpenedBy): string {
  const state = outcome === 'fail' ? 'failed' : 'has no evidence';
  return `${gate} ${state} and is overridden by ${people.join(' and ')} until ${until}: ${justification}`;
}

function reasonsOf({ criteria }: GateResult, outcome: 'waived' | 'skipped'): string {
  return criteria
    .filter((criterion) => criterion.outcome === outcome)
    .map(({ key, reason }) => `${key} ${reason}`)
    .join('; ');
}

/** The level of the point value, and where the worst case is a level higher, that. `approved` says who accepts a high one. */
function riskRules(risk: RiskAssessment, approved: string | null): readonly FiredRule[] {
  if (!isMeasured(risk)) {
    return [firedRule('nothing-measured', 'INCONCLUSIVE', 'no metric of the risk score is measured')];
  }
  const score = `risk ${number(risk.overallRisk)}`;
  const lacking = risk.settledBy.slice(0, 3).map(({ metric }) => metric);
  const worst = `it could be as high as ${number(risk.interval.worst)}, for want of ${lacking.join(', ')}`;
  const rules: FiredRule[] = [];
  const fire = (rule: RuleId, leadsTo: Status, message: string): void =>
    void rules.push(firedRule(rule, leadsTo, message));
  const high = approved === null ? 'PENDING_APPROVAL' : 'APPROVED_WITH_WARNINGS';
  const { level, worstLevel } = risk;
  if (level === 'CRITICAL') fire('risk-critical', 'BLOCKED', `${score} is CRITICAL`);
  else if (worstLevel === 'CRITICAL')
    fire('risk-may-be-critical', 'INCONCLUSIVE', `${score} is not shown to be below CRITICAL: ${worst}`);
  if (level === 'HIGH') fire('risk-high', high, withWords(`${score} is HIGH`, approved));
  else if (worstLevel === 'HIGH')
    fire('risk-may-be-high', high, withWords(`${score} is not shown to be below HIGH: ${worst}`, approved));
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

function messageOf(
  status: Status,
  deciding: FiredRule | undefined,
  gates: GateSummary,
  rules: readonly FiredRule[],
): string {
  if (deciding?.rule === 'emergency-approved') return 'Approved as an EMERGENCY: a review is owed';
  switch (status) {
    case 'BLOCKED':
      if (gates.blockers.length > 0) return gates.message;
      return deciding?.rule === 'rejected' ? 'Rejected by a person who may' : 'Deployment blocked by its risk';
    case 'INCONCLUSIVE':
      return gates.inconclusive.length > 0 ? gates.message : 'Evidence does not show that the risk is acceptable';
    case 'PENDING_APPROVAL':
      return deciding?.rule === 'frozen' ? 'Changes are frozen' : 'A person has to approve';
    case 'APPROVED_WITH_WARNINGS':
      if (rules.some(({ rule }) => rule === 'gate-overridden')) return 'Approved with overridden gates';
      if (rules.some(({ rule }) => rule === 'gate-waived')) return 'Approved with waivers';
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
