/**
 * What one report says, in the words of its family. Readers produce a reading; `core/signal` turns one or many
 * readings into signals, so that merging and counting are decided in one place and not once a format.
 */
export interface Reading {
  readonly producer: Producer;
  /** Commit that the report itself names, as it stands there. */
  readonly commit?: string;
  /** When the tool ran, ISO-8601 with zone, if the report itself says so. */
  readonly takenAt?: string;
  readonly facts: readonly Fact[];
  /** Things a careful reader would remark on: totals that disagree, a lossy decode, ignored parts. */
  readonly notices: readonly string[];
}

export interface Producer {
  readonly name: string;
  readonly version?: string;
}

export type Fact =
  TestRun | Coverage | MutationRun | CodeIssues | SecurityIssues | VexStatements | LoadRun | CodeReview | Measure;
export type FactKind = Fact['kind'];

export const factKinds: readonly FactKind[] = [
  'tests',
  'coverage',
  'mutation',
  'code-issues',
  'security-issues',
  'vex',
  'load',
  'review',
  'measure',
];

/** Worst first. Each reader carries the table by which it maps its tool's own words. */
export const severities = ['critical', 'high', 'medium', 'low', 'info', 'unknown'] as const;
export type Severity = (typeof severities)[number];
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** `part` of `whole`, both non-negative integers with part ≤ whole. Thresholds compare these, never a rounded ratio. */
export interface Count {
  readonly part: number;
  readonly whole: number;
}

/**
 * Executed and skipped test cases. `total = passed + failed + errored + skipped`; `flaky` is the part of `passed` that
 * failed at least once before. A retried test that failed in the end is one failed test.
 */
export interface TestRun {
  readonly kind: 'tests';
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  readonly flaky: number;
  /** Sum of the durations that the report names, seconds; null if it names none. */
  readonly durationSeconds: number | null;
  /** Failed, errored and flaky cases in report order, the first `itemLimit` of them. */
  readonly cases: readonly TestCase[];
}

export interface TestCase {
  /** Suite or class and case name, joined by ` › `. */
  readonly name: string;
  readonly outcome: 'failed' | 'errored' | 'flaky';
  readonly message?: string;
  readonly file?: string;
}

/** How many items (cases, issues) a fact lists; the counts always cover all of them. */
export const itemLimit = 1000;

/** Coverage of one run. Ratios of different engines are never compared: the same run gives other branch counts. */
export interface Coverage {
  readonly kind: 'coverage';
  /** `v8`, `istanbul`, `jacoco`, `coverage.py`, `gcov` …; `unknown` if the report does not tell. */
  readonly engine: string;
  readonly lines: Count | null;
  readonly branches: Count | null;
  readonly functions: Count | null;
  readonly statements: Count | null;
  /** By source file, for merging reports line by line; empty if the report has totals only. */
  readonly files: readonly FileCoverage[];
}

export interface FileCoverage {
  readonly path: string;
  readonly lines: Count | null;
  readonly branches: Count | null;
  readonly functions: Count | null;
  /** Which lines are instrumented and which were hit; absent if the report does not list lines. */
  readonly hits?: LineHits;
}

/** Two bit sets over line numbers: bit `n & 7` of byte `n >> 3` stands for line n. `covered` is a subset of `instrumented`. */
export interface LineHits {
  readonly instrumented: Uint8Array;
  readonly covered: Uint8Array;
}

/** Mutants by end state. Score = (killed + timedOut) / (killed + timedOut + survived + noCoverage). */
export interface MutationRun {
  readonly kind: 'mutation';
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly noCoverage: number;
  /** Not counted in the score: compile errors, runtime errors, ignored and pending mutants. */
  readonly excluded: number;
}

/** Findings of a linter or a quality analyser. */
export interface CodeIssues {
  readonly kind: 'code-issues';
  /** Open findings only. */
  readonly counts: SeverityCounts;
  readonly suppressed: number;
  /** Files the tool says it looked at; null if it does not say. */
  readonly filesChecked: number | null;
  readonly items: readonly CodeIssue[];
}

export interface CodeIssue {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
}

/** Findings of a security tool: dependency audit, SAST, container, secret or configuration scan. */
export interface SecurityIssues {
  readonly kind: 'security-issues';
  /** `licenses` are listed and shown; they are no vulnerabilities, and looking for them is no scan for any. */
  readonly scope: 'dependencies' | 'code' | 'container' | 'secrets' | 'configuration' | 'dynamic' | 'licenses';
  /** Open and suppressed findings, complete (not cut at `itemLimit`): merging counts each of them once. */
  readonly items: readonly SecurityIssue[];
  /** Components, packages or files the tool says it looked at; null if it does not say. */
  readonly scanned: number | null;
}

export interface SecurityIssue {
  /** Every identifier the tool gives, CVE first where there is one (CVE-…, GHSA-…, OSV ids, rule ids). Never empty. */
  readonly ids: readonly string[];
  readonly severity: Severity;
  /** CVSS base score 0–10 as the tool states it; null if it states none. */
  readonly cvss: number | null;
  readonly title: string;
  readonly component?: string;
  readonly componentVersion?: string;
  readonly fixedIn?: string;
  readonly path?: string;
  readonly line?: number;
  /** Why it does not count (suppression, VEX, won't fix), as the report says it; absent for an open finding. */
  readonly suppressedBy?: string;
}

/**
 * What the maker or a supplier says of vulnerabilities in products (VEX). It is no scan: it takes findings of other
 * reports away, or confirms them, and says nothing of what it does not name.
 */
export interface VexStatements {
  readonly kind: 'vex';
  readonly statements: readonly VexStatement[];
}

export interface VexStatement {
  /** Identifiers of one vulnerability, CVE first where there is one. Never empty. */
  readonly ids: readonly string[];
  readonly status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
  /** Names of the components it is about (package names, or purls as they stand); empty: the product as a whole. */
  readonly components: readonly string[];
  /** Products that the document names, as they stand there. */
  readonly products: readonly string[];
  /** Justification or impact statement, as the document words it. */
  readonly reason?: string;
}

/** What a code review system knows of one change. Approvals count with both: who made the change, and what its head is. */
export interface CodeReview {
  readonly kind: 'review';
  /** The change that it is about; null if the report does not name it. */
  readonly of: ChangeName | null;
  /** Null if the report lists reviews only. */
  readonly change: {
    readonly author: string;
    /** Authors and committers of its commits, as far as the report lists them. */
    readonly contributors: readonly string[];
    readonly head: string;
  } | null;
  /** In the order they were given; null if the report describes the change only. */
  readonly reviews: readonly Review[] | null;
}

export interface ChangeName {
  /** Repository or project, in lower case, as the system itself tells it apart from others; null if the report does not say. */
  readonly project: string | null;
  /** Number as its users say it: `#12`, `!7`. */
  readonly id: string;
}

export interface Review {
  /** Account, unique in its system; case does not matter. */
  readonly by: string;
  /** What people call the account, where `by` is an id that nobody knows. */
  readonly name?: string;
  /** `none`: takes part, and has no verdict (any more). */
  readonly verdict: 'approved' | 'changes-requested' | 'dismissed' | 'commented' | 'none';
  /** Commit that was looked at, empty if it is gone; null if the system ties no review to a commit. */
  readonly commit: string | null;
  /** When it was given, ISO-8601 with zone, if the report says so. */
  readonly at?: string;
  readonly bot: boolean;
}

/**
 * One load test. `failed` counts requests that got no answer or an error answer (HTTP status ≥ 400 where known); null if
 * the report leaves open what became of some requests: then there is no error rate.
 */
export interface LoadRun {
  readonly kind: 'load';
  readonly requests: number;
  readonly failed: number | null;
  readonly durationSeconds: number | null;
  /** Requests a second over the run; null if the report neither states it nor allows to compute it. */
  readonly throughput: number | null;
  /** Milliseconds by percentile; key 95 is p95. Only percentiles that the report states. */
  readonly latencyMs: Readonly<Record<number, number>>;
  /** Thresholds that the tool itself judged. */
  readonly thresholds: readonly { readonly name: string; readonly passed: boolean }[];
}

/** A metric that a tool states directly in the unit of the catalog (SonarQube, jscpd, mappings of the config). */
export interface Measure {
  readonly kind: 'measure';
  readonly metric: string;
  readonly value: number;
  /** How a mapping of the config came to the value; absent when a reader of the tool's own format states it. */
  readonly mapped?: MappedValue;
}

/** A value in the unit of the file, and the place in the file (path or column) that it is of. */
export interface MappedValue {
  readonly at: string;
  /** How `found` values became one; `only` if there was one. */
  readonly aggregate: string;
  readonly unit: string;
  readonly found: number;
  readonly value: number;
}

export const noSeverities: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };

/** A mutable tally, every severity at zero. */
export function tally(): Record<Severity, number> {
  return { ...noSeverities };
}
