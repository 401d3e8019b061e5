/** Generators of core data that the property tests share. Values that are near a good release come often, so that outcomes differ. */
import { hash } from 'node:crypto';
import fc from 'fast-check';
import { effectiveConfig } from '../../src/config/effective-config.ts';
import { policyFrom } from '../../src/config/policy-from.ts';
import type { FileConfig } from '../../src/config/schema.ts';
import type { Status } from '../../src/core/decision/decide.ts';
import type { EvaluationInput, JudgeInput } from '../../src/core/decision/evaluate.ts';
import type { ReleaseChange } from '../../src/core/evidence/change.ts';
import type { EvidenceRecord } from '../../src/core/evidence/evidence.ts';
import type { Fact } from '../../src/core/evidence/reading.ts';
import type { Deployment, OutcomeStatement } from '../../src/core/history/outcome.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { fitReleaseModel } from '../../src/core/prediction/fit-release-model.ts';
import type { Learned } from '../../src/core/prediction/learned.ts';
import { dimensions } from '../../src/core/risk/model.ts';
import { metricIds, metricOf, type MetricId } from '../../src/core/signal/metrics.ts';
import type { MetricResult, SignalSet } from '../../src/core/signal/signal.ts';
import { defaultConfig } from '../../src/config/defaults.ts';
import { facts } from './fact-arbitraries.ts';

/** At least this many examples a law. */
export const runs = { numRuns: 300 } as const;

export const defaultPolicy: Policy = policyFrom(effectiveConfig({}), 'shop');

export function policyWith(config: FileConfig): Policy {
  return policyFrom(effectiveConfig(config), 'shop');
}

const enforcement = fc.constantFrom('BLOCKING' as const, 'WARNING' as const, 'ADVISORY' as const);
const mode = fc.oneof({ weight: 5, arbitrary: fc.constant('enforce' as const) }, fc.constant('shadow' as const));
const { mandatory_gates: mandatory, optional_gates: optional } = defaultConfig.deployment_gates;
const gateSettings = fc.record({ enforcement, mode, kept: fc.boolean() });

/** Six shares of 1, some of them 0. */
const weights = fc
  .array(fc.nat(20), { minLength: 6, maxLength: 6 })
  .filter((shares) => shares.some((share) => share > 0))
  .map((shares) => {
    const sum = shares.reduce((a, b) => a + b, 0);
    return Object.fromEntries(dimensions.map((dimension, index) => [dimension, shares[index]! / sum]));
  });

const priors = fc.dictionary(fc.constantFrom(...metricIds), fc.record({ prior: fc.nat(100) }), { maxKeys: 8 });

/** Configs that vary the defaults: gates left out or enforced otherwise, other weights and priors, rarely shadow mode. */
export const config: fc.Arbitrary<FileConfig> = fc
  .record({
    mode,
    settings: fc.array(gateSettings, { minLength: 7, maxLength: 7 }),
    risk: fc.record({ weights, metrics: priors }, { requiredKeys: [] }),
  })
  .map(({ mode: overall, settings, risk }) => {
    const vary = (gates: object, from: number): object =>
      Object.fromEntries(
        Object.entries(gates).flatMap(([name, gate], index) => {
          const { kept, ...changes } = settings[from + index]!;
          return kept ? [[name, { ...gate, ...changes }]] : [];
        }),
      );
    return {
      mode: overall,
      deployment_gates: { mandatory_gates: vary(mandatory, 0), optional_gates: vary(optional, 5) },
      risk,
    } as FileConfig;
  });

export const policy: fc.Arbitrary<Policy> = fc.oneof(fc.constant(defaultPolicy), config.map(policyWith));

/** A value of the metric's unit that no gate minds and that carries no risk. */
function goodValue(metric: MetricId): number {
  const { unit, better } = metricOf(metric);
  if (unit === 'grade' || unit === 'yes-no') return 1;
  if (metric === 'affected_modules' || better === 'lower') return 0;
  return unit === '%' || unit === 'score' ? 100 : 1_000_000;
}

/** Any value that the metric's unit allows. */
export function anyValue(metric: MetricId): fc.Arbitrary<number> {
  switch (metricOf(metric).unit) {
    case '%':
    case 'score':
      return fc.double({ min: 0, max: 100, noNaN: true });
    case 'grade':
      return fc.integer({ min: 1, max: 5 });
    case 'yes-no':
      return fc.integer({ min: 0, max: 1 });
    case 'cvss':
      return fc.double({ min: 0, max: 10, noNaN: true });
    case 'count':
      return fc.nat(200);
    default:
      return fc.double({ min: 0, max: 20_000, noNaN: true });
  }
}

export function measured(metric: MetricId, value: number, bound: 'exact' | 'at-most' = 'exact'): MetricResult {
  return { metric, state: 'measured', signal: { metric, value, exact: null, bound, sources: ['a'], basis: '' } };
}

export function absent(metric: MetricId, state: Exclude<MetricResult['state'], 'measured'> = 'missing'): MetricResult {
  return { metric, state, reason: 'no evidence', sources: [] };
}

/** Every metric measured at a good value, with changes. */
export function goodSignals(changes: Partial<Record<MetricId, number | MetricResult>> = {}): SignalSet {
  return Object.fromEntries(
    metricIds.map((metric) => {
      const change = changes[metric] ?? goodValue(metric);
      return [metric, typeof change === 'number' ? measured(metric, change) : change];
    }),
  ) as SignalSet;
}

const states = fc.constantFrom('missing' as const, 'stale' as const, 'unreadable' as const, 'not-applicable' as const);

/** One metric in any state and at any value. */
function metricResult(metric: MetricId): fc.Arbitrary<MetricResult> {
  const bound = metric === 'response_time' ? fc.constantFrom('exact', 'at-most') : fc.constant('exact' as const);
  return fc.oneof(
    { weight: 2, arbitrary: fc.tuple(anyValue(metric), bound).map(([value, of]) => measured(metric, value, of)) },
    { weight: 1, arbitrary: states.map((state) => absent(metric, state)) },
  );
}

/** A good release but for a few metrics, together with one of them. */
const fewChanges = fc
  .uniqueArray(fc.constantFrom(...metricIds), { minLength: 1, maxLength: 3 })
  .chain((few) =>
    fc.tuple(
      fc.constantFrom(...few),
      fc.record(Object.fromEntries(few.map((metric) => [metric, metricResult(metric)]))),
    ),
  )
  .map(([metric, changes]) => ({ metric, set: goodSignals(changes) }));

const allChanges = fc
  .tuple(
    fc.constantFrom(...metricIds),
    fc.record(
      Object.fromEntries(
        metricIds.map((metric) => [
          metric,
          fc.oneof({ weight: 3, arbitrary: fc.constant(measured(metric, goodValue(metric))) }, metricResult(metric)),
        ]),
      ),
    ),
  )
  .map(([metric, changes]) => ({ metric, set: goodSignals(changes) }));

/** A set of signals and one metric, often one that is not good. */
export const signalsAndOne: fc.Arbitrary<{ readonly metric: MetricId; readonly set: SignalSet }> = fc.oneof(
  { weight: 2, arbitrary: fewChanges },
  allChanges,
);

export const signals: fc.Arbitrary<SignalSet> = signalsAndOne.map(({ set }) => set);

/** A measured report with these facts. */
export function record(path: string, of: readonly Fact[], changes: Partial<EvidenceRecord> = {}): EvidenceRecord {
  return {
    path,
    state: 'measured',
    reason: '',
    code: null,
    format: 'lcov',
    kinds: [...new Set(of.map((fact) => fact.kind))],
    stage: null,
    sha256: Array.from(path, (character) => character.charCodeAt(0).toString(16))
      .join('')
      .padEnd(64, '0'),
    bytes: 100,
    commit: null,
    artifact: null,
    takenAt: '2026-03-01T10:00:00.000Z',
    boundBy: 'report',
    reading: { producer: { name: 'tool' }, facts: of, notices: [] },
    ...changes,
  };
}

/** The same report after it could not be used. */
export function unusable(from: EvidenceRecord, state: 'missing' | 'stale' | 'unreadable'): EvidenceRecord {
  const changes = { ...from, state, reason: 'cannot be used' };
  return state === 'stale' ? changes : { ...changes, reading: null };
}

/** Reports that hold each kind of fact at most once, one or several kinds to a report. */
export const singleReports: fc.Arbitrary<readonly EvidenceRecord[]> = fc
  .tuple(...Object.values(facts).map((fact) => fc.tuple(fact, fc.nat(8))))
  .map((placed) => {
    const files = Map.groupBy(placed, ([, file]) => file);
    files.delete(0);
    return [...files].map(([file, own]) =>
      record(
        `reports/${file}`,
        own.map(([fact]) => fact),
      ),
    );
  });

/** Any number of reports of each kind, in every state. */
export const reports: fc.Arbitrary<readonly EvidenceRecord[]> = fc
  .uniqueArray(
    fc.record({
      path: fc
        .constantFrom('reports/', 'a/coverage/', 'b/coverage/', '')
        .chain((folder) => fc.nat(9).map((file) => `${folder}${file}`)),
      fact: fc.oneof(...Object.values(facts)),
      format: fc.constantFrom('lcov', 'cobertura', 'sarif'),
      state: fc.oneof(
        { weight: 6, arbitrary: fc.constant('measured' as const) },
        fc.constantFrom('stale', 'unreadable', 'missing'),
      ),
    }),
    { maxLength: 8, selector: ({ path }) => path },
  )
  .map((entries) =>
    entries.map(({ path, fact, format, state }) => {
      const whole = record(path, [fact], { format });
      return state === 'measured' ? whole : unusable(whole, state);
    }),
  );

export const change: fc.Arbitrary<ReleaseChange> = fc
  .record({
    linesAdded: fc.nat(3000),
    linesDeleted: fc.nat(300),
    filesChanged: fc.nat(50),
    touched: fc.uniqueArray(fc.constantFrom('src/a', 'src/b', 'src/c', 'src/d')),
    dependencyLines: fc.nat(30),
    projectLines: fc.nat(100_000),
    changelogUpdated: fc.option(fc.boolean()),
  })
  .map(({ touched, ...counts }) => ({
    head: { commit: 'c'.repeat(40), committedAt: '2026-03-01T09:00:00Z', from: 'tag' },
    dirty: false,
    historyComplete: true,
    baseline: { commit: 'b'.repeat(40), ref: 'v1.0.0', committedAt: '2026-02-01T09:00:00Z' },
    daysSinceBaseline: 28,
    binaryFiles: 0,
    entropy: 0.5,
    directories: 3,
    modules: { touched: touched.sort(), total: 8 },
    commits: 5,
    authors: [],
    kinds: { features: 1, fixes: 1, performance: 0, breaking: 0, other: 3 },
    highlights: [],
    projectFiles: 200,
    ...counts,
  }));

/** Input of a whole evaluation around some evidence. */
export function inputOf(evidence: readonly EvidenceRecord[], of: Partial<EvaluationInput> = {}): EvaluationInput {
  return {
    change: null,
    changedLines: null,
    attestations: [],
    files: {},
    level: 'full',
    version: 'v1.1.0',
    zone: { name: 'UTC', offsetMinutes: 0 },
    learned: nothingLearned,
    ...contextOf(of),
    evidence,
    ...of,
  };
}

/** One deployment with a single statement about it. */
export function deploymentOf(over: Partial<OutcomeStatement> = {}): Deployment {
  const statement: OutcomeStatement = {
    id: `s-${over.deployment ?? over.version ?? 'v1.0.0'}`,
    service: 'shop',
    version: 'v1.0.0',
    environment: 'production',
    deployment: over.version ?? 'v1.0.0',
    outcome: 'success',
    deployedAt: '2026-02-20T10:00:00.000Z',
    basis: 'observed',
    source: 'recorded',
    reason: '',
    createdAt: '2026-02-20T11:00:00.000Z',
    facts: {},
    ...over,
  };
  return { ...statement, statements: [statement] };
}

/** What is learned from some deployments with the default settings. */
export function learnedFrom(deployments: readonly Deployment[], now = '2026-03-01T12:00:00.000Z'): Learned {
  const sha256 = (text: string): string => hash('sha256', text);
  const model = fitReleaseModel({ deployments, settings: defaultPolicy.prediction, now, sha256 });
  return { model, recent: deployments };
}

const nothingLearned = learnedFrom([]);

/** What a judgement depends on beside the signals, with nothing special about it. */
export function contextOf(of: Partial<JudgeInput> = {}): JudgeInput {
  return {
    policy: defaultPolicy,
    fastTrack: false,
    now: '2026-03-01T12:00:00.000Z',
    earlier: [],
    policyChange: null,
    ...of,
  };
}

/** How much a status speaks against a release; the two that stop it count alike. */
export function objection(status: Status): number {
  return { APPROVED: 0, APPROVED_WITH_WARNINGS: 1, PENDING_APPROVAL: 2, INCONCLUSIVE: 3, BLOCKED: 3 }[status];
}
