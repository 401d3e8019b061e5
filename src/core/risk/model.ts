import { strictestThreshold, type CriterionKey, type Gate } from '../gate/criteria.ts';
import type { MetricId } from '../signal/metrics.ts';
import type { Knot } from './curve.ts';

export const dimensions = [
  'code_quality',
  'test_coverage',
  'performance',
  'security',
  'change_risk',
  'historical_stability',
] as const;
export type Dimension = (typeof dimensions)[number];

export const dimensionTitles: Readonly<Record<Dimension, string>> = {
  code_quality: 'Code quality',
  test_coverage: 'Test coverage',
  performance: 'Performance',
  security: 'Security',
  change_risk: 'Change risk',
  historical_stability: 'Historical stability',
};

export interface RiskMetric {
  readonly metric: MetricId;
  readonly curve: readonly Knot[];
  /** Risk charged to the point value while the metric is missing, 0–100. */
  readonly prior: number;
}

/** Metrics that tell nearly the same thing: the worst of them counts for the whole group, so that one fault is not charged twice. */
export interface RiskGroup {
  readonly name: string;
  /** Share of the dimension, 0–1; the groups of a dimension sum to 1. */
  readonly weight: number;
  readonly metrics: readonly RiskMetric[];
}

export interface RiskDimension {
  readonly dimension: Dimension;
  /** Share of the score, 0–1; the dimensions sum to 1. */
  readonly weight: number;
  readonly groups: readonly RiskGroup[];
}

export type RiskModel = readonly RiskDimension[];

/** Changes a config makes to the default model. */
export interface RiskSettings {
  readonly weights?: Readonly<Partial<Record<Dimension, number>>>;
  readonly curves?: Readonly<Partial<Record<MetricId, readonly Knot[]>>>;
  readonly priors?: Readonly<Partial<Record<MetricId, number>>>;
}

const defaultPrior = 50;

/**
 * The default model. Dimension weights are the mission's; shares inside a dimension, curves and priors are ours (what few teams can measure weighs little) and are
 * explained with a worked example in docs/explain/risk.md. Curves of coverage and performance hang on the thresholds of
 * the gates, so that "on target" means the same everywhere.
 */
export function riskModel(gates: readonly Gate[], settings: RiskSettings = {}): RiskModel {
  const target = targetsOf(gates);
  const metric = (id: MetricId, curve: readonly Knot[]): RiskMetric => ({
    metric: id,
    curve: settings.curves?.[id] ?? curve,
    prior: settings.priors?.[id] ?? defaultPrior,
  });
  const group = (name: string, weight: number, ...metrics: readonly RiskMetric[]): RiskGroup => ({
    name,
    weight,
    metrics,
  });
  const dimension = (id: Dimension, weight: number, ...groups: readonly RiskGroup[]): RiskDimension => ({
    dimension: id,
    weight: settings.weights?.[id] ?? weight,
    groups,
  });
  return [
    dimension(
      'code_quality',
      0.2,
      group(
        'maintainability',
        0.85,
        metric('maintainability', [
          [1, 0],
          [2, 25],
          [3, 50],
          [4, 75],
          [5, 100],
        ]),
      ),
      group(
        'complexity',
        0.05,
        metric('complexity', [
          [3, 0],
          [10, 40],
          [20, 70],
          [40, 100],
        ]),
      ),
      group(
        'duplication',
        0.05,
        metric('duplication', [
          [0, 0],
          [3, 20],
          [10, 60],
          [30, 100],
        ]),
      ),
      group(
        'technical_debt',
        0.05,
        metric('technical_debt', [
          [0, 0],
          [5, 20],
          [10, 40],
          [20, 60],
          [50, 90],
          [100, 100],
        ]),
      ),
    ),
    dimension(
      'test_coverage',
      0.25,
      group(
        'coverage',
        0.5,
        metric('line_coverage', coverageCurve(target('min_line_coverage', 85))),
        metric('branch_coverage', coverageCurve(target('min_branch_coverage', 80))),
      ),
      group(
        'mutation',
        0.25,
        metric('mutation_score', [
          [0, 100],
          [60, 60],
          [80, 20],
          [100, 0],
        ]),
      ),
      group(
        'reliability',
        0.25,
        metric('test_reliability', [
          [90, 100],
          [98, 50],
          [99.5, 20],
          [100, 0],
        ]),
      ),
    ),
    dimension(
      'performance',
      0.15,
      group(
        'response_time',
        0.6,
        metric(
          'response_time',
          times(target('max_p95_latency_ms', 500), [
            [0.5, 0],
            [0.8, 15],
            [1, 40],
            [1.5, 80],
            [2, 100],
          ]),
        ),
      ),
      group(
        'throughput',
        0.36,
        metric(
          'throughput',
          times(target('min_throughput_rps', 1000), [
            [0.5, 100],
            [0.8, 70],
            [1, 40],
            [1.5, 10],
            [2, 0],
          ]),
        ),
      ),
      group(
        'resource_usage',
        0.02,
        metric('resource_usage', [
          [50, 0],
          [80, 40],
          [95, 90],
          [100, 100],
        ]),
      ),
      group(
        'scalability',
        0.02,
        metric('scalability', [
          [50, 100],
          [80, 40],
          [100, 0],
        ]),
      ),
    ),
    dimension(
      'security',
      0.2,
      group(
        'vulnerabilities',
        0.95,
        metric('vulnerability_count', [
          [0, 0],
          [5, 20],
          [20, 50],
          [100, 90],
          [500, 100],
        ]),
        metric('severity_score', [
          [0, 0],
          [4, 30],
          [7, 60],
          [9, 90],
          [10, 100],
        ]),
      ),
      group(
        'compliance',
        0.05,
        metric('compliance_status', [
          [70, 100],
          [90, 50],
          [100, 0],
        ]),
      ),
    ),
    dimension(
      'change_risk',
      0.1,
      group(
        'change_size',
        0.4,
        metric('change_size', [
          [0, 0],
          [50, 10],
          [500, 35],
          [2000, 60],
          [10000, 90],
          [50000, 100],
        ]),
      ),
      group(
        'modules',
        0.4,
        metric('affected_modules', [
          [1, 10],
          [3, 30],
          [10, 60],
          [40, 100],
        ]),
        metric('blast_radius', [
          [0, 0],
          [25, 20],
          [50, 40],
          [100, 70],
        ]),
      ),
      group(
        'dependencies',
        0.2,
        metric('dependency_impact', [
          [0, 0],
          [5, 20],
          [20, 50],
          [100, 100],
        ]),
      ),
    ),
    dimension(
      'historical_stability',
      0.1,
      group(
        'failures',
        0.6,
        metric('failure_rate', [
          [0, 0],
          [5, 10],
          [15, 40],
          [30, 70],
          [60, 100],
        ]),
        metric('rollback_frequency', [
          [0, 0],
          [5, 20],
          [15, 60],
          [40, 100],
        ]),
      ),
      group(
        'mttr',
        0.2,
        metric('mttr', [
          [0, 0],
          [1, 10],
          [24, 40],
          [168, 80],
          [720, 100],
        ]),
      ),
      group(
        'incidents',
        0.2,
        metric('incident_count', [
          [0, 0],
          [2, 20],
          [5, 50],
          [20, 100],
        ]),
      ),
    ),
  ];
}

/** At target 20, twenty points below 70, nothing covered 100, everything covered 0. */
function coverageCurve(target: number): readonly Knot[] {
  const knots: Knot[] = [[0, 100]];
  if (target - 20 > 0) knots.push([target - 20, 70]);
  if (target < 100) knots.push([target, 20]);
  return [...knots, [100, 0]];
}

function times(unit: number, curve: readonly Knot[]): readonly Knot[] {
  return curve.map(([value, risk]) => [value * unit, risk] as const);
}

/** What the gates ask for, else the given default. Zero or less is no target for a curve. */
function targetsOf(gates: readonly Gate[]): (key: CriterionKey, fallback: number) => number {
  return (key, fallback) => {
    const asked = strictestThreshold(gates, key);
    return asked !== null && asked > 0 ? asked : fallback;
  };
}
