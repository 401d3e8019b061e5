import { metricIds, metricOf, type MetricId } from '../signal/metrics.ts';
import type { MetricResult, SignalSet } from '../signal/signal.ts';
import type { GateResult, Outcome } from '../gate/evaluate-gate.ts';
import type { PolicyCase } from '../policy/policy-case.ts';
import type { Policy } from '../policy/policy.ts';
import type { FiredRule, Verdict } from './decide.ts';
import { judge } from './evaluate.ts';

/** An expectation that does not hold. */
export interface Mismatch {
  /** `decision`, `gate security`, `rule risk-high`. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly why: string;
}

export interface CaseResult {
  readonly passed: boolean;
  readonly mismatches: readonly Mismatch[];
  readonly got: Pick<Verdict, 'decision' | 'status'> & {
    readonly gates: Readonly<Record<string, Outcome>>;
    readonly rules: readonly FiredRule[];
  };
}

/** What a policy makes of a case, before anybody approved anything. `now` is for cases that name no time. */
export function runCase(policy: Policy, asked: PolicyCase, now: string): CaseResult {
  const { verdict, gates } = judge(signalsOf(asked), {
    policy,
    fastTrack: asked.fastTrack,
    now: asked.now ?? now,
    earlier: asked.previous.map(({ version, values }) => ({
      version,
      assessedAt: asked.now ?? now,
      decisionDigest: '',
      values,
    })),
    policyChange: asked.policyChanged
      ? { kind: 'changed', parts: [], words: 'the case says so', asks: policy.onPolicyChange }
      : null,
  });
  const { gateResults } = gates;
  const mismatches = [...verdictMismatches(asked, verdict), ...gateMismatches(asked, gateResults)];
  return {
    passed: mismatches.length === 0,
    mismatches,
    got: {
      decision: verdict.decision,
      status: verdict.status,
      gates: Object.fromEntries(gateResults.map((gate) => [gate.gate, outcomeOf(gate)])),
      rules: verdict.rules,
    },
  };
}

function verdictMismatches({ expect }: PolicyCase, { decision, status, rules }: Verdict): readonly Mismatch[] {
  const why = rules[0] ? `${rules[0].rule}: ${rules[0].message}` : 'no rule fires';
  const fired = [...new Set(rules.map(({ rule }) => rule))];
  return [
    ...(expect.decision === decision ? [] : [{ what: 'decision', expected: expect.decision, got: decision, why }]),
    ...(expect.status === null || expect.status === status
      ? []
      : [{ what: 'status', expected: expect.status, got: status, why }]),
    ...expect.rules
      .filter((rule) => !fired.includes(rule))
      .map((rule) => ({
        what: `rule ${rule}`,
        expected: 'fires',
        got: 'does not fire',
        why: fired.length === 0 ? 'no rule fires' : `rules that fire: ${fired.join(', ')}`,
      })),
  ];
}

function gateMismatches({ expect }: PolicyCase, results: readonly GateResult[]): readonly Mismatch[] {
  return Object.entries(expect.gates).flatMap(([name, expected]): readonly Mismatch[] => {
    const gate = results.find((result) => result.gate === name);
    if (gate === undefined) {
      const why = `gates of the policy: ${results.map((result) => result.gate).join(', ') || 'none'}`;
      return [{ what: `gate ${name}`, expected, got: 'no such gate', why }];
    }
    const got = outcomeOf(gate);
    return got === expected ? [] : [{ what: `gate ${name}`, expected, got, why: whyOf(gate) }];
  });
}

/** A gate that a fast-track leaves out is skipped, whatever it came to. */
function outcomeOf({ skipped, outcome }: GateResult): Outcome {
  return skipped ? 'skipped' : outcome;
}

function whyOf({ criteria, skipped }: GateResult): string {
  if (skipped) return 'left out by the fast-track';
  return criteria
    .map(({ key, outcome, signal, threshold, reason }) => {
      const numbers = signal === null || threshold === null ? '' : ` (${signal.value}, limit ${threshold})`;
      return `${key} ${outcome}${numbers}${reason === '' ? '' : `: ${reason}`}`;
    })
    .join('; ');
}

function signalsOf({ signals, others }: PolicyCase): SignalSet {
  const result = (metric: MetricId): MetricResult => {
    const said = signals[metric] ?? (others === 'good' ? { value: best(metric), exact: null } : { state: 'missing' });
    if ('state' in said) return { metric, state: said.state, reason: 'the case says so', sources: [] };
    const basis = said.exact === null ? 'said by the case' : `${said.exact.part} of ${said.exact.whole}`;
    const signal = { metric, value: said.value, exact: said.exact, bound: 'exact', sources: ['case'], basis } as const;
    return { metric, state: 'measured', signal };
  };
  return Object.fromEntries(metricIds.map((metric) => [metric, result(metric)])) as unknown as SignalSet;
}

/** As good as a metric can be; for those without an upper end, better than any limit that makes sense. */
function best(metric: MetricId): number {
  const { unit, better } = metricOf(metric);
  if (better === 'lower') return unit === 'grade' ? 1 : 0;
  if (unit === 'yes-no') return 1;
  return unit === '%' || unit === 'score' ? 100 : 1_000_000;
}
