import type { FileConfig } from './schema.ts';

/**
 * What holds without a config file: the mission's gates, and one more that looks at failed tests, which no mission gate does.
 */
export const defaultConfig = {
  environment: 'production',
  mode: 'enforce',
  evidence: {
    max_age: '7d',
    require_commit: false,
    exclude: [],
    files: [],
    mappings: {},
    limits: {
      max_bytes: 1_073_741_824,
      max_files: 20_000,
      max_depth: 256,
      max_items: 100_000_000,
      max_text: 16_000_000,
    },
  },
  deployment_gates: {
    mandatory_gates: {
      code_quality: { min_grade: 'B', max_critical_issues: 0, max_code_smells: 50, enforcement: 'BLOCKING' },
      test_coverage: {
        min_line_coverage: 85,
        min_branch_coverage: 80,
        min_mutation_score: 75,
        enforcement: 'BLOCKING',
      },
      tests: { max_failed_tests: 0, min_executed_tests: 1, enforcement: 'BLOCKING' },
      security: {
        max_critical_vulnerabilities: 0,
        max_high_vulnerabilities: 0,
        max_medium_vulnerabilities: 10,
        enforcement: 'BLOCKING',
      },
      performance: {
        max_p95_latency_ms: 500,
        min_throughput_rps: 1000,
        max_error_rate_percent: 0.1,
        enforcement: 'WARNING',
      },
    },
    optional_gates: {
      documentation: { changelog_updated: true, api_docs_current: true, enforcement: 'ADVISORY' },
      business_approval: { product_manager_approval: true, stakeholder_signoff: true, enforcement: 'WARNING' },
    },
  },
  gate_overrides: {
    enabled: true,
    requires_approval_from: ['VP Engineering', 'CTO'],
    override_justification_required: true,
    audit_log: true,
    max_duration: '7d',
  },
  keys_directory: '.aqe/keys',
  approvals: { expires_after: '24h' },
  emergency: { from: ['CTO'], count: 1, review_within: '72h', expires_after: '4h' },
  policy: { on_change: 'approval' },
  fast_track: { gates: ['tests', 'security'] },
  risk: {},
  prediction: { prior_failure_rate: 15, window: '730d', working_hours: { from: 9, to: 17 }, cost_ratio: 5 },
  grade: { A: 5, B: 10, C: 20, D: 50 },
  remediation: { minutes_per: {} },
} as const satisfies FileConfig;
