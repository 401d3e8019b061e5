import type { MetricId } from '../signal/metrics.ts';
import { newCodeOf } from '../signal/new-code.ts';

export type Comparison = '>=' | '<=' | 'is';

export interface CriterionKind {
  readonly metric: MetricId;
  readonly comparison: Comparison;
}

/** Keys that a gate in the policy may carry. `min_…` compares with ≥, `max_…` with ≤, the rest ask for yes. */
export const criterionKinds = {
  min_grade: { metric: 'maintainability', comparison: '<=' },
  max_critical_issues: { metric: 'critical_issues', comparison: '<=' },
  max_code_smells: { metric: 'code_smells', comparison: '<=' },
  max_duplication_percent: { metric: 'duplication', comparison: '<=' },
  max_complexity: { metric: 'complexity', comparison: '<=' },
  max_technical_debt_percent: { metric: 'technical_debt', comparison: '<=' },
  min_line_coverage: { metric: 'line_coverage', comparison: '>=' },
  min_branch_coverage: { metric: 'branch_coverage', comparison: '>=' },
  min_mutation_score: { metric: 'mutation_score', comparison: '>=' },
  min_test_reliability: { metric: 'test_reliability', comparison: '>=' },
  max_failed_tests: { metric: 'failed_tests', comparison: '<=' },
  min_executed_tests: { metric: 'executed_tests', comparison: '>=' },
  max_critical_vulnerabilities: { metric: 'critical_vulnerabilities', comparison: '<=' },
  max_high_vulnerabilities: { metric: 'high_vulnerabilities', comparison: '<=' },
  max_medium_vulnerabilities: { metric: 'medium_vulnerabilities', comparison: '<=' },
  max_low_vulnerabilities: { metric: 'low_vulnerabilities', comparison: '<=' },
  max_p95_latency_ms: { metric: 'response_time', comparison: '<=' },
  min_throughput_rps: { metric: 'throughput', comparison: '>=' },
  max_error_rate_percent: { metric: 'error_rate', comparison: '<=' },
  min_page_performance: { metric: 'page_performance', comparison: '>=' },
  min_accessibility: { metric: 'accessibility', comparison: '>=' },
  min_review_approvals: { metric: 'review_approvals', comparison: '>=' },
  max_change_lines: { metric: 'change_size', comparison: '<=' },
  min_confidence_lower_bound: { metric: 'confidence_lower_bound', comparison: '>=' },
  max_rollback_probability: { metric: 'rollback_probability', comparison: '<=' },
  max_failure_rate_percent: { metric: 'failure_rate', comparison: '<=' },
  changelog_updated: { metric: 'changelog_updated', comparison: 'is' },
  api_docs_current: { metric: 'api_docs_current', comparison: 'is' },
  product_manager_approval: { metric: 'product_manager_approval', comparison: 'is' },
  stakeholder_signoff: { metric: 'stakeholder_signoff', comparison: 'is' },
} as const satisfies Record<string, CriterionKind>;

export type CriterionKey = keyof typeof criterionKinds;
export const criterionKeys = Object.keys(criterionKinds) as readonly CriterionKey[];

export type Enforcement = 'BLOCKING' | 'WARNING' | 'ADVISORY';

/** `shadow` gates are evaluated and reported, and decide nothing. */
export type Mode = 'enforce' | 'shadow';

/** How far a value may move from that of earlier releases: by percent of it, or by an amount in the metric's unit. */
export interface ChangeLimit {
  readonly by: number;
  readonly in: '%' | 'units';
  /** `passes`: the median of the newest releases that were approved. */
  readonly against: { readonly kind: 'previous' } | { readonly kind: 'passes'; readonly count: number };
}

/** What becomes of a criterion whose metric nobody measured. Stale and unreadable evidence always keeps a gate from opening. */
export type WhenMissing =
  { readonly kind: 'block' } | { readonly kind: 'warn' } | { readonly kind: 'skip'; readonly reason: string };

export interface Criterion {
  readonly key: CriterionKey;
  /** In the metric's unit; a grade as 1 (A) … 5 (E); yes as 1. Null: `change` says how to find it. */
  readonly threshold: number | null;
  readonly change?: ChangeLimit;
  /** What `change` was compared with, once it is known. */
  readonly baseline?: { readonly value: number; readonly versions: readonly string[] };
  /** Only what the release adds or changes counts. */
  readonly on?: 'new-code';
  /** Share in the score of the gate; 1 if absent. */
  readonly weight?: number;
  readonly whenMissing?: WhenMissing;
}

/** The metric that a criterion looks at. */
export function metricOfCriterion({ key, on }: Pick<Criterion, 'key' | 'on'>): MetricId {
  const { metric } = criterionKinds[key];
  return on === 'new-code' ? (newCodeOf[metric] ?? metric) : metric;
}

export interface Gate {
  readonly name: string;
  readonly group: 'mandatory' | 'optional';
  readonly enforcement: Enforcement;
  readonly mode: Mode;
  /** Percent of the criteria, by weight, that have to pass; 100 if absent. */
  readonly minScore?: number;
  /** Day (UTC) from which it counts; until then it is in shadow. */
  readonly effectiveOn?: string;
  readonly criteria: readonly Criterion[];
}

/** The hardest threshold that any of the gates sets for a criterion; null if none does. */
export function strictestThreshold(gates: readonly Gate[], key: CriterionKey): number | null {
  const values = gates
    .flatMap((gate) => gate.criteria.filter((criterion) => criterion.key === key && criterion.on === undefined))
    .flatMap(({ threshold }) => threshold ?? []);
  if (values.length === 0) return null;
  return criterionKinds[key].comparison === '<=' ? Math.min(...values) : Math.max(...values);
}
