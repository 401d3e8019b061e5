/** The commented config that `aqe init` writes: the defaults, spelled out. */
export function initText({
  service,
  environment,
  mode,
}: {
  readonly service: string;
  readonly environment: string;
  readonly mode: string;
}): string {
  return `# yaml-language-server: $schema=./node_modules/aqe-deploy/schema/aqe-deploy.schema.json
# What a release has to meet. Every key is optional; what stands here are the defaults.
service: ${JSON.stringify(service)}
environment: ${environment}
mode: ${mode} # enforce | shadow (reports and does not block)

evidence:
  max_age: 7d # older reports are stale; "none" for no limit
  # require_commit: true # evidence that only its file time ties to the release is stale
  # exclude: ["legacy/**"]
  # Reports that are expected: one that is not there is missing evidence.
  # files:
  #   - { path: reports/junit/integration.xml, format: junit, stage: integration }

deployment_gates:
  mandatory_gates:
    code_quality:
      min_grade: "B"
      max_critical_issues: 0
      max_code_smells: 50
      enforcement: BLOCKING # BLOCKING | WARNING | ADVISORY
    test_coverage:
      min_line_coverage: 85
      min_branch_coverage: 80
      min_mutation_score: 75
      enforcement: BLOCKING
    tests:
      max_failed_tests: 0
      min_executed_tests: 1
      enforcement: BLOCKING
    security:
      max_critical_vulnerabilities: 0
      max_high_vulnerabilities: 0
      max_medium_vulnerabilities: 10
      enforcement: BLOCKING
    performance:
      max_p95_latency_ms: 500
      min_throughput_rps: 1000
      max_error_rate_percent: 0.1
      enforcement: WARNING
  optional_gates:
    documentation:
      changelog_updated: true
      api_docs_current: true
      enforcement: ADVISORY
    business_approval:
      product_manager_approval: true
      stakeholder_signoff: true
      enforcement: WARNING

# A closed gate can be opened by these roles together, each by another person, with a justification and for a time.
gate_overrides:
  enabled: true
  requires_approval_from: ["VP Engineering", "CTO"]
  override_justification_required: true
  audit_log: true
  max_duration: 7d

# Who may be asked. "aqe keys init" makes a key and prints the entry.
# people:
#   ada@example.com: { name: Ada, key: MCowBQYDK2VwAyEA… }
# roles:
#   "VP Engineering": [ada@example.com]
#   "CTO": [grace@example.com]

approvals:
  # Without a requirement of yours for them: one person for a release whose risk is, or may be, HIGH, and one for a release
  # that changes its own policy.
  # required:
  #   - { name: change management, when: always, from: ["VP Engineering"], count: 1 }
  expires_after: 24h
emergency:
  from: ["CTO"]
  count: 1
  review_within: 72h
  expires_after: 4h
# policy:
#   ref: origin/main # read the policy from there, so that a pull request cannot change it for itself

# Times in which nothing is released.
# freezes:
#   - { name: Year end, zone: Europe/Berlin, start: 2026-12-20T00:00, end: 2027-01-05T00:00, environments: [production] }
# What the team lives with until a date.
# waivers:
#   - { finding: CVE-2026-1234, reason: "not reachable, see TICKET-1", approver: ada@example.com, expires: 2027-01-31 }

# How a release reaches its users and how it is taken back: "aqe deploy rollback-plan" writes it down.
# rollout:
#   strategy: canary # canary | blue-green | rolling | multi-region
#   steps: [5, 25, 50, 100]
#   router: { kind: haproxy, name: shop } # haproxy | nginx | kubernetes | gateway-api | argo-rollouts
#   triggers:
#     error_rate: { above: 2%, for: 2m }
#     response_time: { percentile: p95, above: 800ms, for: 5m }
#   rollback:
#     owner: Payments on call

# Gates that still count with --fast-track --priority critical.
fast_track:
  gates: [tests, security]

# Minutes your team needs for one unit of work; without them a remediation plan counts work and states no time.
# remediation:
#   minutes_per: { uncovered_line: 2, vulnerability: 60, code_issue: 15, failed_test: 45 }
`;
}
