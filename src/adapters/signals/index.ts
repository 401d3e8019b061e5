// Made by tools/generate-registry.ts: add a reader file and run `npm run docs`.
import type { SignalReader } from '../../ports/signal-reader.ts';
import { abTxt } from './ab-txt.ts';
import { artillery } from './artillery.ts';
import { autocannon } from './autocannon.ts';
import { axeCore } from './axe-core.ts';
import { bandit } from './bandit.ts';
import { bitbucketReview } from './bitbucket-review.ts';
import { bundlerAudit } from './bundler-audit.ts';
import { burp } from './burp.ts';
import { cargoAudit } from './cargo-audit.ts';
import { checkov } from './checkov.ts';
import { checkstyle } from './checkstyle.ts';
import { clover } from './clover.ts';
import { cobertura } from './cobertura.ts';
import { codeclimate } from './codeclimate.ts';
import { composerAudit } from './composer-audit.ts';
import { cpd } from './cpd.ts';
import { csafVex } from './csaf-vex.ts';
import { ctrf } from './ctrf.ts';
import { cucumberJson } from './cucumber-json.ts';
import { cyclonedx } from './cyclonedx.ts';
import { dartJson } from './dart-json.ts';
import { dependencyCheck } from './dependency-check.ts';
import { dependencyTrack } from './dependency-track.ts';
import { detectSecrets } from './detect-secrets.ts';
import { dotnetVulnerable } from './dotnet-vulnerable.ts';
import { eslint } from './eslint.ts';
import { gatling } from './gatling.ts';
import { githubCodeScanning } from './github-code-scanning.ts';
import { githubDependabot } from './github-dependabot.ts';
import { githubReview } from './github-review.ts';
import { gitlabReview } from './gitlab-review.ts';
import { gitlab } from './gitlab.ts';
import { gitleaks } from './gitleaks.ts';
import { goCover } from './go-cover.ts';
import { goTestJson } from './go-test-json.ts';
import { golangciLint } from './golangci-lint.ts';
import { gosec } from './gosec.ts';
import { govulncheck } from './govulncheck.ts';
import { grype } from './grype.ts';
import { hadolint } from './hadolint.ts';
import { heyCsv } from './hey-csv.ts';
import { hey } from './hey.ts';
import { inTotoTestResult } from './in-toto-test-result.ts';
import { istanbulJson } from './istanbul-json.ts';
import { istanbulSummary } from './istanbul-summary.ts';
import { jacoco } from './jacoco.ts';
import { jestJson } from './jest-json.ts';
import { jmeterCsv } from './jmeter-csv.ts';
import { jmeterStatisticsJson } from './jmeter-statistics-json.ts';
import { jmeterXml } from './jmeter-xml.ts';
import { junit } from './junit.ts';
import { k6Json } from './k6-json.ts';
import { k6Summary } from './k6-summary.ts';
import { kics } from './kics.ts';
import { lcov } from './lcov.ts';
import { lighthouse } from './lighthouse.ts';
import { locustCsv } from './locust-csv.ts';
import { mochaJson } from './mocha-json.ts';
import { mochawesome } from './mochawesome.ts';
import { nikto } from './nikto.ts';
import { npmAudit } from './npm-audit.ts';
import { nuclei } from './nuclei.ts';
import { nunit } from './nunit.ts';
import { opencover } from './opencover.ts';
import { openvex } from './openvex.ts';
import { osvScanner } from './osv-scanner.ts';
import { pipAudit } from './pip-audit.ts';
import { pit } from './pit.ts';
import { playwrightJson } from './playwright-json.ts';
import { pmd } from './pmd.ts';
import { pylint } from './pylint.ts';
import { robot } from './robot.ts';
import { rspecJson } from './rspec-json.ts';
import { rubocop } from './rubocop.ts';
import { ruff } from './ruff.ts';
import { sarif } from './sarif.ts';
import { semgrep } from './semgrep.ts';
import { snyk } from './snyk.ts';
import { sonarGenericCoverage } from './sonar-generic-coverage.ts';
import { sonarqubeQualityGate } from './sonarqube-quality-gate.ts';
import { sonarqube } from './sonarqube.ts';
import { spdx } from './spdx.ts';
import { spotbugs } from './spotbugs.ts';
import { stryker } from './stryker.ts';
import { stylelint } from './stylelint.ts';
import { tap } from './tap.ts';
import { taurusXml } from './taurus-xml.ts';
import { testng } from './testng.ts';
import { tfsec } from './tfsec.ts';
import { trivy } from './trivy.ts';
import { trufflehog } from './trufflehog.ts';
import { trx } from './trx.ts';
import { wrkTxt } from './wrk-txt.ts';
import { xunitNet } from './xunit-net.ts';
import { yarnAudit } from './yarn-audit.ts';
import { zap } from './zap.ts';

/** Every reader, in the order of their file names. Exactly one claims a well-formed report. */
export const signalReaders: readonly SignalReader[] = [
  abTxt,
  artillery,
  autocannon,
  axeCore,
  bandit,
  bitbucketReview,
  bundlerAudit,
  burp,
  cargoAudit,
  checkov,
  checkstyle,
  clover,
  cobertura,
  codeclimate,
  composerAudit,
  cpd,
  csafVex,
  ctrf,
  cucumberJson,
  cyclonedx,
  dartJson,
  dependencyCheck,
  dependencyTrack,
  detectSecrets,
  dotnetVulnerable,
  eslint,
  gatling,
  githubCodeScanning,
  githubDependabot,
  githubReview,
  gitlabReview,
  gitlab,
  gitleaks,
  goCover,
  goTestJson,
  golangciLint,
  gosec,
  govulncheck,
  grype,
  hadolint,
  heyCsv,
  hey,
  inTotoTestResult,
  istanbulJson,
  istanbulSummary,
  jacoco,
  jestJson,
  jmeterCsv,
  jmeterStatisticsJson,
  jmeterXml,
  junit,
  k6Json,
  k6Summary,
  kics,
  lcov,
  lighthouse,
  locustCsv,
  mochaJson,
  mochawesome,
  nikto,
  npmAudit,
  nuclei,
  nunit,
  opencover,
  openvex,
  osvScanner,
  pipAudit,
  pit,
  playwrightJson,
  pmd,
  pylint,
  robot,
  rspecJson,
  rubocop,
  ruff,
  sarif,
  semgrep,
  snyk,
  sonarGenericCoverage,
  sonarqubeQualityGate,
  sonarqube,
  spdx,
  spotbugs,
  stryker,
  stylelint,
  tap,
  taurusXml,
  testng,
  tfsec,
  trivy,
  trufflehog,
  trx,
  wrkTxt,
  xunitNet,
  yarnAudit,
  zap,
];
