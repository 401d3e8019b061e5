import type { SecurityIssues } from '../../../core/evidence/reading.ts';

export interface Scanner {
  readonly scope: SecurityIssues['scope'];
  /** It also looks for other faults, and tags its security rules: a rule with other tags only is none. */
  readonly mixed?: true;
}

/**
 * Tools that look for security problems and often do not mark their rules as such, by the start of their name in
 * lower case without spaces and punctuation. Whatever a tool not listed here says is security only where its rule says so.
 */
const scanners: Readonly<Record<string, Scanner>> = {
  bandit: { scope: 'code' },
  blackduck: { scope: 'dependencies' },
  brakeman: { scope: 'code' },
  checkmarx: { scope: 'code' },
  checkov: { scope: 'configuration' },
  codeql: { scope: 'code', mixed: true },
  dependencycheck: { scope: 'dependencies' },
  detectsecrets: { scope: 'secrets' },
  devskim: { scope: 'code' },
  dockerscout: { scope: 'container' },
  dockle: { scope: 'container' },
  flawfinder: { scope: 'code' },
  fortify: { scope: 'code' },
  gitleaks: { scope: 'secrets' },
  gosec: { scope: 'code' },
  govulncheck: { scope: 'dependencies' },
  grype: { scope: 'dependencies' },
  horusec: { scope: 'code' },
  kics: { scope: 'configuration' },
  kubescape: { scope: 'configuration' },
  mobsfscan: { scope: 'code' },
  njsscan: { scope: 'code' },
  nodejsscan: { scope: 'code' },
  nuclei: { scope: 'dynamic' },
  osvscanner: { scope: 'dependencies' },
  owaspzap: { scope: 'dynamic' },
  semgrep: { scope: 'code' },
  snykcode: { scope: 'code' },
  snykcontainer: { scope: 'container' },
  snykiac: { scope: 'configuration' },
  snykopensource: { scope: 'dependencies' },
  snyk: { scope: 'dependencies' },
  terrascan: { scope: 'configuration' },
  tfsec: { scope: 'configuration' },
  trivy: { scope: 'dependencies' },
  trufflehog: { scope: 'secrets' },
  veracode: { scope: 'code' },
  zap: { scope: 'dynamic' },
  zizmor: { scope: 'configuration' },
};

export function scannerNamed(toolName: string): Scanner | undefined {
  const name = toolName.toLowerCase().replace(/[^a-z0-9]/g, '');
  const key = Object.keys(scanners).find((start) => name.startsWith(start));
  return key === undefined ? undefined : scanners[key];
}
