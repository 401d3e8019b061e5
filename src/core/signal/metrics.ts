import type { FactKind } from '../evidence/reading.ts';

export type Unit =
  '%' | 'score' | 'ms' | 'rps' | 'count' | 'grade' | 'cvss' | 'lines' | 'hours' | 'yes-no' | 'per-function';

export interface MetricDefinition {
  readonly title: string;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  /** Where a value can come from: a kind of report, version control, recorded outcomes, or a person or system not connected. */
  readonly from: FactKind | 'git' | 'outcomes' | 'person';
  /** What to run or connect to get it, for a reader who has none. */
  readonly answeredBy: string;
}

/** Every metric that gates, risk and checklist know. Ids are permanent and stand in policies. */
const metrics = {
  complexity: {
    title: 'Cyclomatic complexity',
    unit: 'per-function',
    better: 'lower',
    from: 'measure',
    answeredBy: 'a measure of complexity (a mapping of the config reads one)',
  },
  duplication: {
    title: 'Duplicated lines',
    unit: '%',
    better: 'lower',
    from: 'measure',
    answeredBy: 'a SonarQube or duplication report (jscpd, PMD CPD)',
  },
  maintainability: {
    title: 'Code grade',
    unit: 'grade',
    better: 'lower',
    from: 'code-issues',
    answeredBy: 'a lint report (ESLint, Checkstyle, SARIF, …)',
  },
  technical_debt: {
    title: 'Technical debt ratio',
    unit: '%',
    better: 'lower',
    from: 'measure',
    answeredBy: 'a SonarQube analysis',
  },
  critical_issues: {
    title: 'Critical code issues',
    unit: 'count',
    better: 'lower',
    from: 'code-issues',
    answeredBy: 'a lint report (ESLint, Checkstyle, SARIF, …)',
  },
  code_smells: {
    title: 'Code smells',
    unit: 'count',
    better: 'lower',
    from: 'code-issues',
    answeredBy: 'a lint report (ESLint, Checkstyle, SARIF, …)',
  },
  new_critical_issues: {
    title: 'Critical code issues in new code',
    unit: 'count',
    better: 'lower',
    from: 'code-issues',
    answeredBy: 'a lint report that names files and lines (ESLint, Checkstyle, SARIF, …)',
  },
  new_code_smells: {
    title: 'Code smells in new code',
    unit: 'count',
    better: 'lower',
    from: 'code-issues',
    answeredBy: 'a lint report that names files and lines (ESLint, Checkstyle, SARIF, …)',
  },

  line_coverage: {
    title: 'Line coverage',
    unit: '%',
    better: 'higher',
    from: 'coverage',
    answeredBy: 'a coverage report (lcov, Cobertura, JaCoCo, …)',
  },
  branch_coverage: {
    title: 'Branch coverage',
    unit: '%',
    better: 'higher',
    from: 'coverage',
    answeredBy: 'a coverage report with branches (lcov, Cobertura, JaCoCo, …)',
  },
  new_line_coverage: {
    title: 'Line coverage of new code',
    unit: '%',
    better: 'higher',
    from: 'coverage',
    answeredBy: 'a coverage report that names lines (lcov, Cobertura, JaCoCo, …)',
  },
  mutation_score: {
    title: 'Mutation score',
    unit: '%',
    better: 'higher',
    from: 'mutation',
    answeredBy: 'a mutation report (Stryker, PIT)',
  },
  test_reliability: {
    title: 'Test reliability',
    unit: '%',
    better: 'higher',
    from: 'tests',
    answeredBy: 'a test report (JUnit XML, TRX, Jest JSON, …)',
  },
  failed_tests: {
    title: 'Failed tests',
    unit: 'count',
    better: 'lower',
    from: 'tests',
    answeredBy: 'a test report (JUnit XML, TRX, Jest JSON, …)',
  },
  executed_tests: {
    title: 'Executed tests',
    unit: 'count',
    better: 'higher',
    from: 'tests',
    answeredBy: 'a test report (JUnit XML, TRX, Jest JSON, …)',
  },

  response_time: {
    title: 'Response time p95',
    unit: 'ms',
    better: 'lower',
    from: 'load',
    answeredBy: 'a load test report (k6 summary, JMeter, Locust, …)',
  },
  throughput: {
    title: 'Throughput',
    unit: 'rps',
    better: 'higher',
    from: 'load',
    answeredBy: 'a load test report (k6 summary, JMeter, Locust, …)',
  },
  error_rate: {
    title: 'Error rate under load',
    unit: '%',
    better: 'lower',
    from: 'load',
    answeredBy: 'a load test report (k6 summary, JMeter, Locust, …)',
  },
  resource_usage: {
    title: 'Peak resource usage',
    unit: '%',
    better: 'lower',
    from: 'measure',
    answeredBy: 'a measure of resource use under load',
  },
  scalability: {
    title: 'Throughput kept at double load',
    unit: '%',
    better: 'higher',
    from: 'measure',
    answeredBy: 'a load test at two load levels',
  },
  page_performance: {
    title: 'Page performance score',
    unit: 'score',
    better: 'higher',
    from: 'measure',
    answeredBy: 'a Lighthouse report',
  },
  accessibility: {
    title: 'Accessibility score',
    unit: 'score',
    better: 'higher',
    from: 'measure',
    answeredBy: 'a Lighthouse report',
  },

  critical_vulnerabilities: {
    title: 'Critical vulnerabilities',
    unit: 'count',
    better: 'lower',
    from: 'security-issues',
    answeredBy: 'a security report (npm audit, Trivy, SARIF, …)',
  },
  high_vulnerabilities: {
    title: 'High vulnerabilities',
    unit: 'count',
    better: 'lower',
    from: 'security-issues',
    answeredBy: 'a security report (npm audit, Trivy, SARIF, …)',
  },
  medium_vulnerabilities: {
    title: 'Medium vulnerabilities',
    unit: 'count',
    better: 'lower',
    from: 'security-issues',
    answeredBy: 'a security report (npm audit, Trivy, SARIF, …)',
  },
  low_vulnerabilities: {
    title: 'Low vulnerabilities',
    unit: 'count',
    better: 'lower',
    from: 'security-issues',
    answeredBy: 'a security report (npm audit, Trivy, SARIF, …)',
  },
  vulnerability_count: {
    title: 'Open vulnerabilities',
    unit: 'count',
    better: 'lower',
    from: 'security-issues',
    answeredBy: 'a security report (npm audit, Trivy, SARIF, …)',
  },
  severity_score: {
    title: 'Worst vulnerability',
    unit: 'cvss',
    better: 'lower',
    from: 'security-issues',
    answeredBy: 'a security report (npm audit, Trivy, SARIF, …)',
  },
  compliance_status: {
    title: 'Compliance controls met',
    unit: '%',
    better: 'higher',
    from: 'measure',
    answeredBy: 'a compliance scan',
  },

  review_approvals: {
    title: 'Approvals of other engineers',
    unit: 'count',
    better: 'higher',
    from: 'review',
    answeredBy: 'a saved pull request with its reviews (GitHub, GitLab, Bitbucket)',
  },

  change_size: {
    title: 'Lines changed',
    unit: 'lines',
    better: 'lower',
    from: 'git',
    answeredBy: 'a git repository with its history',
  },
  affected_modules: {
    title: 'Modules touched',
    unit: 'count',
    better: 'lower',
    from: 'git',
    answeredBy: 'a git repository with its history',
  },
  dependency_impact: {
    title: 'Dependency manifest lines changed',
    unit: 'lines',
    better: 'lower',
    from: 'git',
    answeredBy: 'a git repository with its history',
  },
  blast_radius: {
    title: 'Share of modules touched',
    unit: '%',
    better: 'lower',
    from: 'git',
    answeredBy: 'a git repository with its history',
  },

  failure_rate: {
    title: 'Change failure rate',
    unit: '%',
    better: 'lower',
    from: 'outcomes',
    answeredBy: 'recorded outcomes of earlier releases',
  },
  mttr: {
    title: 'Mean time to restore',
    unit: 'hours',
    better: 'lower',
    from: 'outcomes',
    answeredBy: 'recorded outcomes of earlier releases',
  },
  rollback_frequency: {
    title: 'Rollback frequency',
    unit: '%',
    better: 'lower',
    from: 'outcomes',
    answeredBy: 'recorded outcomes of earlier releases',
  },
  incident_count: {
    title: 'Incidents in 90 days',
    unit: 'count',
    better: 'lower',
    from: 'outcomes',
    answeredBy: 'recorded incidents',
  },
  confidence_lower_bound: {
    title: 'Release confidence, lower bound',
    unit: '%',
    better: 'higher',
    from: 'outcomes',
    answeredBy: 'recorded outcomes of earlier releases',
  },
  rollback_probability: {
    title: 'Rollback probability',
    unit: '%',
    better: 'lower',
    from: 'outcomes',
    answeredBy: 'recorded outcomes of earlier releases',
  },

  changelog_updated: {
    title: 'Changelog updated',
    unit: 'yes-no',
    better: 'higher',
    from: 'git',
    answeredBy: 'a changelog in the repository',
  },
  api_docs_current: {
    title: 'API documentation current',
    unit: 'yes-no',
    better: 'higher',
    from: 'person',
    answeredBy: '`aqe deploy checklist --attest api-docs-current`',
  },
  product_manager_approval: {
    title: 'Product manager approval',
    unit: 'yes-no',
    better: 'higher',
    from: 'person',
    answeredBy: '`aqe deploy checklist --attest product-manager-approval`',
  },
  stakeholder_signoff: {
    title: 'Stakeholder sign-off',
    unit: 'yes-no',
    better: 'higher',
    from: 'person',
    answeredBy: '`aqe deploy checklist --attest stakeholder-signoff`',
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricId = keyof typeof metrics;
export const metricIds = Object.keys(metrics) as readonly MetricId[];

/** The definition, with the widened type that loops over the catalog need. */
export function metricOf(id: MetricId): MetricDefinition {
  return metrics[id];
}

/** Whether reports give the metric: what git, people, reviews and recorded outcomes say is not for a file to state. */
export function isMappable(id: MetricId): boolean {
  return !['git', 'outcomes', 'person', 'review'].includes(metricOf(id).from);
}

export const grades = ['A', 'B', 'C', 'D', 'E'] as const;
export type Grade = (typeof grades)[number];

/** 1 for A … 5 for E, the value that the metric `maintainability` carries. */
export function gradeValue(grade: Grade): number {
  return grades.indexOf(grade) + 1;
}
