import type { MetricId } from '../signal/metrics.ts';
import type { CriterionKey } from '../gate/criteria.ts';
import type { TestStage } from '../evidence/evidence.ts';

export const checklistGroups = ['code_quality', 'testing', 'security', 'operations', 'compliance'] as const;
export type ChecklistGroup = (typeof checklistGroups)[number];

/** What answers an item. */
export type ItemCheck =
  /** All metrics must meet these criteria; thresholds come from the policy where a gate sets them, else from here. */
  | {
      readonly by: 'signals';
      readonly criteria: readonly { readonly key: CriterionKey; readonly otherwise: number }[];
      readonly closeWithin?: number;
      /** A person's word answers too, as long as no report says anything of it. */
      readonly attestable?: true;
    }
  /** Test reports of one stage, all passed. */
  | { readonly by: 'tests'; readonly stage: TestStage }
  /** A file of the repository, by glob. */
  | { readonly by: 'file'; readonly globs: readonly string[] }
  /** Reports of a tool that is named, without findings of that severity or worse. */
  | { readonly by: 'tool'; readonly tools: readonly string[]; readonly metric: MetricId }
  /** A system or a person; until it is connected only an attestation answers. */
  | { readonly by: 'person'; readonly answeredBy: string; readonly notApplicableWithout?: readonly string[] };

export interface ChecklistItem {
  readonly id: string;
  readonly group: ChecklistGroup;
  readonly title: string;
  /** Stands on the essential list too. */
  readonly essential: boolean;
  readonly check: ItemCheck;
}

const item = (
  id: string,
  group: ChecklistGroup,
  title: string,
  check: ItemCheck,
  essential = false,
): ChecklistItem => ({ id, group, title, check, essential });

/** The five groups that the mission lists, in its order. */
export const checklistItems: readonly ChecklistItem[] = [
  item(
    'code-review',
    'code_quality',
    'Code review approved by 2 or more engineers',
    { by: 'signals', criteria: [{ key: 'min_review_approvals', otherwise: 2 }], attestable: true },
    true,
  ),
  item('no-critical-issues', 'code_quality', 'No critical code-quality violations', {
    by: 'signals',
    criteria: [{ key: 'max_critical_issues', otherwise: 0 }],
  }),
  item('lint-clean', 'code_quality', 'Linter reports no errors', {
    by: 'tool',
    tools: ['eslint', 'oxlint', 'prettier'],
    metric: 'critical_issues',
  }),

  item(
    'unit-coverage',
    'testing',
    'Test coverage on target',
    {
      by: 'signals',
      criteria: [
        { key: 'min_line_coverage', otherwise: 85 },
        { key: 'min_branch_coverage', otherwise: 80 },
      ],
      closeWithin: 1,
    },
    true,
  ),
  item(
    'unit-tests',
    'testing',
    'All tests passing',
    { by: 'signals', criteria: [{ key: 'max_failed_tests', otherwise: 0 }] },
    true,
  ),
  item('integration-tests', 'testing', 'All integration tests passing', { by: 'tests', stage: 'integration' }, true),
  item('smoke-tests', 'testing', 'End-to-end smoke tests passing', { by: 'tests', stage: 'e2e' }, true),
  item('performance', 'testing', 'Performance within its targets', {
    by: 'signals',
    criteria: [
      { key: 'max_p95_latency_ms', otherwise: 500 },
      { key: 'min_throughput_rps', otherwise: 1000 },
      { key: 'max_error_rate_percent', otherwise: 0.1 },
    ],
    closeWithin: 5,
  }),

  item(
    'no-severe-vulnerabilities',
    'security',
    'No high or critical vulnerabilities',
    {
      by: 'signals',
      criteria: [
        { key: 'max_critical_vulnerabilities', otherwise: 0 },
        { key: 'max_high_vulnerabilities', otherwise: 0 },
      ],
    },
    true,
  ),
  item('dependency-audit', 'security', 'Dependency audit clean', {
    by: 'tool',
    tools: ['npm audit', 'npm', 'pnpm', 'yarn', 'trivy', 'grype', 'osv-scanner', 'snyk'],
    metric: 'vulnerability_count',
  }),
  item('owasp-top-10', 'security', 'OWASP Top 10 checks passed', {
    by: 'tool',
    tools: ['zap', 'owasp zap', 'nuclei', 'burp'],
    metric: 'vulnerability_count',
  }),

  item('migrations-tested', 'operations', 'Database migrations tested', {
    by: 'person',
    answeredBy: 'a migration test report',
    notApplicableWithout: ['**/{migrations,migrate,flyway}/**'],
  }),
  item(
    'rollback-plan',
    'operations',
    'Rollback plan documented',
    { by: 'file', globs: ['docs/runbooks/*rollback*', 'runbooks/*rollback*', 'docs/*rollback*'] },
    true,
  ),
  item('monitoring', 'operations', 'Monitoring and alerting configured', {
    by: 'person',
    answeredBy: 'a monitoring system (Datadog, Prometheus, PagerDuty)',
  }),
  item('feature-flags', 'operations', 'Feature flags enabled', {
    by: 'person',
    answeredBy: 'a feature flag system (LaunchDarkly)',
  }),

  item('gdpr', 'compliance', 'GDPR compliance validated', { by: 'person', answeredBy: 'a compliance scan' }),
  item('change-approval', 'compliance', 'Change management approval', {
    by: 'person',
    answeredBy: 'a change management system (ServiceNow, Jira Service Management)',
  }),
];

/** Attestable yes-no metrics of optional gates, by the id a person types. */
export const attestableMetrics: Readonly<Record<string, MetricId>> = {
  'api-docs-current': 'api_docs_current',
  'product-manager-approval': 'product_manager_approval',
  'stakeholder-signoff': 'stakeholder_signoff',
};
