import * as z from 'zod';
import { checklistGroups } from '../../core/checklist/items.ts';
import type { Assessment } from '../../core/decision/assessment.ts';
import { ruleIds } from '../../core/decision/decide.ts';
import { requirementKinds } from '../../core/policy/people.ts';
import { bindings } from '../../core/evidence/evidence.ts';
import { factKinds } from '../../core/evidence/reading.ts';
import { criterionKeys } from '../../core/gate/criteria.ts';
import { featureIds } from '../../core/prediction/features.ts';
import { dimensions } from '../../core/risk/model.ts';
import { metricIds } from '../../core/signal/metrics.ts';

const text = z.string();
const time = z.iso.datetime().meta({ description: 'ISO-8601, UTC.' });
const count = z.int().min(0);
const points = z.number().min(0).max(100);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const metric = z.enum(nonEmpty(metricIds));
const dimension = z.enum(dimensions);
const decision = z
  .enum(['APPROVED', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL'])
  .meta({ id: 'Decision', description: 'What a pipeline tests.' });
const status = z
  .enum(['APPROVED', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL', 'APPROVED_WITH_WARNINGS'])
  .meta({ id: 'Status', description: 'The decision, with approval told apart from approval with warnings.' });
const level = z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).meta({ id: 'RiskLevel' });
const mode = z.enum(['enforce', 'shadow']);
const group = z.enum(['mandatory', 'optional']);
const enforcement = z.enum(['BLOCKING', 'WARNING', 'ADVISORY']);
const outcome = z.enum(['pass', 'fail', 'no-evidence', 'waived', 'skipped']);
const noValue = ['missing', 'stale', 'unreadable', 'not-applicable'] as const;
const state = z
  .enum(['measured', ...noValue])
  .meta({ id: 'EvidenceState', description: 'Only what is measured can pass.' });
const unit = z.enum(['%', 'score', 'ms', 'rps', 'count', 'grade', 'cvss', 'lines', 'hours', 'yes-no', 'per-function']);

const signal = z
  .strictObject({
    metric,
    value: z.number().meta({ description: 'In the unit of the metric, not rounded.' }),
    exact: z
      .strictObject({ part: count, whole: count })
      .nullable()
      .meta({ description: 'The integers behind a percentage; thresholds compare these.' }),
    bound: z.enum(['exact', 'at-most']),
    sources: z.array(text).meta({ description: 'Ids of the evidence: report paths, `git`, `attestation:…`.' }),
    basis: text.meta({ description: 'How the value came about, in words.' }),
  })
  .meta({ id: 'Signal' });

const metricResult = z
  .discriminatedUnion('state', [
    z.strictObject({ metric, state: z.literal('measured'), signal }),
    z.strictObject({ metric, state: z.enum(noValue), reason: text, sources: z.array(text) }),
  ])
  .meta({ id: 'MetricResult' });

const opened = z.strictObject({ people: z.array(text), justification: text, until: time }).meta({ id: 'OpenedBy' });

const gateResult = z
  .strictObject({
    gate: text,
    group,
    enforcement,
    mode,
    effectiveOn: text.nullable().meta({ description: 'Day from which it counts, if that lies ahead.' }),
    outcome,
    passed: z.boolean(),
    skipped: z.boolean().meta({ description: 'Left out by a fast-track.' }),
    overridden: opened.nullable().meta({ description: 'An override that holds for this decision.' }),
    minScore: z.number().meta({ description: 'Percent of the criteria, by weight, that have to pass.' }),
    criteria: z.array(
      z.strictObject({
        key: z.enum(nonEmpty(criterionKeys)),
        metric,
        comparison: z.enum(['>=', '<=', 'is']),
        threshold: z.number().nullable(),
        unit,
        weight: z.number(),
        outcome,
        state,
        signal: signal.nullable(),
        baseline: z
          .strictObject({ value: z.number(), versions: z.array(text) })
          .nullable()
          .meta({ description: 'Earlier releases that the threshold was worked out from.' }),
        reason: text,
        warns: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'GateResult' });

const risk = z.strictObject({
  overallRisk: points,
  level,
  interval: z
    .strictObject({ best: points, worst: points })
    .meta({ description: 'The score with every missing metric at no risk, and at full risk.' }),
  worstLevel: level,
  dimensions: z.record(
    dimension,
    z.strictObject({ score: z.number(), weight: z.number(), points, measured: count, metrics: count }),
  ),
  contributions: z.array(
    z.strictObject({
      dimension,
      group: text,
      metric,
      state,
      value: z.number().nullable(),
      risk: points,
      points,
      bestPoints: points,
      worstPoints: points,
    }),
  ),
  settledBy: z.array(z.strictObject({ metric, points })),
});

const checklist = z.strictObject({
  level: z.enum(['full', 'essential']),
  items: z.array(
    z.strictObject({
      id: text,
      group: z.enum(checklistGroups),
      item: text,
      essential: z.boolean(),
      status: z.enum(['passed', 'warning', 'failed', 'unknown', 'not-applicable']),
      validatedBy: text,
      details: text,
    }),
  ),
  overallStatus: status,
  readinessScore: z.int().min(0).max(100).nullable(),
  blockers: z.array(text),
  warnings: z.array(text),
  unknown: z.array(text),
});

const change = z.strictObject({
  head: z.strictObject({ commit: text, committedAt: time, from: z.enum(['tag', 'revision', 'head']) }),
  dirty: z.boolean(),
  historyComplete: z.boolean(),
  baseline: z.strictObject({ commit: text, ref: text, committedAt: time }).nullable(),
  daysSinceBaseline: count.nullable(),
  linesAdded: count,
  linesDeleted: count,
  filesChanged: count,
  binaryFiles: count,
  entropy: z.number().min(0).max(1),
  directories: count,
  modules: z.strictObject({ touched: z.array(text), total: count }),
  dependencyLines: count,
  commits: count,
  authors: z.array(z.strictObject({ name: text, email: text, commits: count, priorCommits: count })),
  kinds: z.strictObject({ features: count, fixes: count, performance: count, breaking: count, other: count }),
  highlights: z.array(z.strictObject({ kind: z.enum(['feature', 'fix', 'performance']), subject: text, commit: text })),
  projectLines: count,
  projectFiles: count,
  changelogUpdated: z.boolean().nullable(),
});

const evidence = z.strictObject({
  path: text,
  state: z.enum(['measured', 'missing', 'stale', 'unreadable']),
  reason: text,
  code: text.nullable().meta({ description: 'Error code of an unreadable report.' }),
  format: text.nullable(),
  kinds: z.array(z.enum(nonEmpty(factKinds))),
  stage: z.enum(['unit', 'integration', 'e2e']).nullable(),
  sha256: digest.nullable(),
  bytes: count.nullable(),
  commit: text.nullable(),
  artifact: text.nullable(),
  takenAt: text.nullable(),
  boundBy: z.enum(bindings),
  producer: z.strictObject({ name: text, version: text.nullable() }).nullable(),
  notices: z.array(text),
});

const feature = z.enum(nonEmpty(featureIds));
const share = z.number().gt(0).lt(100).meta({ description: 'Percent.' });
const contribution = z
  .strictObject({
    feature,
    title: text,
    value: z.number().nullable(),
    usual: z.number().nullable(),
    logOdds: z.number(),
  })
  .meta({ id: 'Contribution', description: 'What one feature does to the log-odds of failure.' });
const learnedFrom = z
  .strictObject({
    deployments: count,
    failures: count,
    from: time.nullable(),
    to: time.nullable(),
    modelVersion: text,
    trainingDigest: digest,
    shows: z.enum(['prior', 'model', 'base-rate']),
    because: text,
    inferred: count,
    drift: text.nullable(),
  })
  .meta({ id: 'LearnedFrom' });
const confidence = z
  .strictObject({
    score: share,
    level: z.enum(['VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW', 'VERY_LOW']),
    confidenceInterval: z.tuple([share, share]),
    certainty: z.enum(['LOW', 'MEDIUM', 'HIGH']),
    basedOn: z.strictObject({
      historicalDeployments: count,
      failures: count,
      similarReleases: count,
      timeWindow: text.nullable(),
    }),
    comparisonToBaseline: z
      .strictObject({
        averageSuccessRate: z.number(),
        thisReleaseProjection: z.number(),
        percentageImprovement: z.number(),
      })
      .nullable(),
    recommendation: text,
    base: z.number(),
    contributions: z.array(contribution),
    learnedFrom,
  })
  .meta({ id: 'Confidence', description: 'The chance that the release succeeds, with its 95 % interval.' });
const rollbackPrediction = z
  .strictObject({
    probability: share,
    interval: z.tuple([share, share]),
    riskLevel: level,
    shareOfFailures: z.strictObject({ percent: share, rolledBack: count, failures: count }),
    topRiskFactors: z.array(contribution),
    base: z.number(),
    contributions: z.array(contribution),
    historicalComparison: z.strictObject({
      similar: z.array(z.strictObject({ version: text, deployedAt: time, outcome: text, distance: z.number().min(0) })),
      failed: count,
    }),
    mitigation: z.array(z.strictObject({ feature: feature.nullable(), action: text })),
    learnedFrom,
    features: z.partialRecord(feature, z.number()).meta({ description: 'What the release was looked at by.' }),
  })
  .meta({ id: 'RollbackPrediction' });

const agreement = z
  .strictObject({
    id: text,
    person: text,
    role: text.nullable(),
    identity: text.meta({ description: '`ed25519:<key id>`, or `unverified (…)`.' }),
    comment: text,
    at: time,
    until: time,
  })
  .meta({ id: 'Agreement' });
const progress = { agreed: z.array(agreement), missing: count, waitingFor: z.array(text) };
const approvals = z.strictObject({
  requirements: z.array(
    z.strictObject({
      requirement: z.strictObject({ name: text, when: z.enum(requirementKinds), roles: z.array(text), count }),
      ...progress,
    }),
  ),
  overrides: z.array(z.strictObject({ gate: text, ...progress, opened: opened.nullable() })),
  emergency: z.strictObject({ ...progress, opened: opened.nullable() }).nullable(),
  rejections: z.array(agreement),
  void: z.array(z.strictObject({ id: text, kind: text, person: text, reason: text })),
  reviews: z.array(z.strictObject({ approval: text, version: text, dueAt: time, overdue: z.boolean() })),
});

const freeze = z.strictObject({
  name: text,
  reason: text,
  zone: text,
  from: time,
  until: time,
  regions: z.array(text).nullable(),
});

const waiver = z.strictObject({
  scope: z.strictObject({
    gate: text.nullable(),
    rule: text.nullable(),
    finding: text.nullable(),
    package: text.nullable(),
  }),
  reason: text,
  approver: text,
  expires: time,
  state: z.enum(['active', 'expired']),
  applied: z.array(text),
});

const schema = z.strictObject({
  schemaVersion: z.literal('1'),
  id: text,
  createdAt: time,
  localTime: z
    .strictObject({
      timeZone: z.string(),
      offsetMinutes: z.int(),
      weekday: z.enum(['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']),
      hour: z.int().min(0).max(23),
      minute: z.int().min(0).max(59),
    })
    .meta({ description: 'createdAt on the clocks of the people here.' }),
  service: text,
  version: text,
  environment: text,
  decision,
  status,
  message: text,
  exitCode: z.literal([0, 1, 3, 4]),
  rules: z
    .array(
      z.strictObject({
        rule: z.enum(ruleIds),
        leadsTo: status,
        message: text,
        setAside: z.boolean().meta({ description: 'Set aside by an emergency approval.' }),
      }),
    )
    .meta({ description: 'Every rule that fired, the strongest first.' }),
  shadow: z
    .strictObject({ decision, status })
    .nullable()
    .meta({ description: 'What the verdict would be, in shadow mode.' }),
  fastTrack: z.strictObject({ priority: text, skippedGates: z.array(text) }).nullable(),
  risk: risk.nullable().meta({ description: 'null when not a single metric of it is measured.' }),
  confidence,
  rollbackPrediction,
  gates: z.strictObject({
    overallStatus: z.enum(['BLOCKED', 'INCONCLUSIVE', 'APPROVED_WITH_WARNINGS', 'APPROVED']),
    gateResults: z.array(gateResult),
    blockers: z.array(gateResult),
    inconclusive: z.array(gateResult),
    warnings: z.array(gateResult),
    advisories: z.array(gateResult),
    message: text,
  }),
  checklist,
  debts: z
    .array(z.strictObject({ gate: z.string(), version: z.string(), since: time }))
    .meta({ description: 'Gates that a fast-track of an earlier release left out and that are not open now.' }),
  change: change.nullable(),
  signals: z.record(metric, metricResult),
  evidence: z.array(evidence),
  ignored: z.array(z.strictObject({ path: text, reason: text })),
  approvals,
  artifact: text.nullable().meta({ description: 'Digest of what is to be released; null: the commit.' }),
  region: text.nullable(),
  freezes: z.array(freeze),
  waivers: z.array(waiver),
  policyChange: z
    .strictObject({
      kind: z.enum(['changed', 'added', 'uncommitted', 'unknown']),
      parts: z.array(text),
      words: text,
      asks: z.enum(['approval', 'report']),
    })
    .nullable()
    .meta({ description: 'What the release changes in the policy that judges it.' }),
  comparedWith: z.array(z.strictObject({ version: text, assessedAt: time, decisionDigest: digest })),
  policySource: z.strictObject({ path: text.nullable(), ref: text.nullable(), commit: text.nullable() }),
  policyDigest: digest,
  decisionDigest: digest.meta({ description: 'Equal inputs have equal digests, whenever they are assessed.' }),
});

/** The data without `readonly` marks, which schemas do not know. */
type Plain<T> = T extends readonly (infer E)[]
  ? Plain<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** What `assess --format json` prints. Does not compile unless it describes `Assessment` exactly. */
const assessmentSchema: Same<Plain<z.infer<typeof schema>>, Plain<Assessment>> extends true ? typeof schema : never =
  schema;

/** JSON Schema (draft 2020-12) of an assessment; ships as schema/assessment.schema.json. */
export function assessmentJsonSchema(): Record<string, unknown> {
  return {
    $id: 'https://aqe-deploy.dev/schema/assessment.schema.json',
    title: 'Assessment of a release',
    ...z.toJSONSchema(assessmentSchema, { target: 'draft-2020-12', io: 'output' }),
  };
}

function nonEmpty<T extends string>(values: readonly T[]): readonly [T, ...T[]] {
  return values as readonly [T, ...T[]];
}
