import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  contextOf,
  defaultPolicy,
  deploymentOf,
  inputOf,
  learnedFrom,
  policy,
  reports,
  runs,
} from '../../../test/support/arbitraries.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import { noSanctions } from '../approval/sanctions.ts';
import { canonicalJson } from '../canonical-json.ts';
import { assessmentOf, type Assessment, type AssessmentInput } from './assessment.ts';
import { evaluate } from './evaluate.ts';

function assess(evidence: readonly EvidenceRecord[], changes: Partial<AssessmentInput> = {}): Assessment {
  const of = changes.policy ?? defaultPolicy;
  return assessmentOf({
    id: 'id-1',
    createdAt: '2026-03-01T12:00:00.000Z',
    zone: { name: 'UTC', offsetMinutes: 0 },
    leftOut: [],
    version: 'v1.0.0',
    policy: of,
    evaluation: evaluate(inputOf(evidence, { policy: of })),
    evidence,
    ignored: [],
    change: null,
    fastTrack: null,
    strict: false,
    judged: contextOf({ policy: of }),
    sanctions: () => noSanctions,
    region: null,
    artifact: null,
    freezes: [],
    policySource: { path: null, ref: null, commit: null },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    ...changes,
  });
}

/** The same value with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reversed(each)]),
  );
}

const otherDigest = '0123456789abcdef'.repeat(4);
const someReports = reports.filter((evidence) => evidence.length > 0);

test('canonical JSON does not depend on the order of keys and reads back as the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);

      expect(canonicalJson(reversed(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    runs,
  );
});

test('canonical JSON leaves out undefined and keeps the order of lists', () => {
  expect(canonicalJson({ b: [2, 1], a: undefined, c: null })).toBe('{"b":[2,1],"c":null}');
});

test('equal inputs have equal digests at another time and under another id', () => {
  fc.assert(
    fc.property(policy, reports, fc.uuid(), (of, evidence, id) => {
      const one = assess(evidence, { policy: of });
      const other = assess(structuredClone(evidence), { policy: of, id, createdAt: '2030-01-01T00:00:00.000Z' });

      expect(other.decisionDigest).toBe(one.decisionDigest);
      expect(other.policyDigest).toBe(one.policyDigest);
    }),
    runs,
  );
});

test('another content, state or commit of any report gives another digest', () => {
  fc.assert(
    fc.property(someReports, fc.nat(), (evidence, at) => {
      const index = at % evidence.length;
      const changed = (changes: Partial<EvidenceRecord>) =>
        assess(evidence.with(index, { ...evidence[index]!, ...changes }), {
          evaluation: evaluate(inputOf(evidence)),
        }).decisionDigest;
      const { decisionDigest } = assess(evidence);

      expect(changed({ sha256: otherDigest })).not.toBe(decisionDigest);
      expect(changed({ commit: otherDigest })).not.toBe(decisionDigest);
      expect(changed({ state: evidence[index]!.state === 'stale' ? 'measured' : 'stale' })).not.toBe(decisionDigest);
      expect(assess(evidence.toSpliced(index, 1)).decisionDigest).not.toBe(decisionDigest);
    }),
    runs,
  );
});

test('another policy gives another digest even where the verdict is the same', () => {
  fc.assert(
    fc.property(policy, reports, (of, evidence) => {
      const other = { ...of, gradeBands: { ...of.gradeBands, D: of.gradeBands.D + 1 } };
      const evaluation = evaluate(inputOf(evidence, { policy: of }));

      const one = assess(evidence, { policy: of, evaluation });
      const two = assess(evidence, { policy: other, evaluation });

      expect(two.policyDigest).not.toBe(one.policyDigest);
      expect(two.decisionDigest).not.toBe(one.decisionDigest);
    }),
    runs,
  );
});

test('another verdict, version or fast-track gives another digest', () => {
  const evaluation = evaluate(inputOf([]));
  const approved = {
    ...evaluation,
    verdict: { ...evaluation.verdict, status: 'APPROVED', decision: 'APPROVED' },
  } as const;
  const digests = [
    assess([]),
    assess([], { evaluation: approved }),
    assess([], { version: 'v1.0.1' }),
    assess([], { fastTrack: { priority: 'critical' } }),
  ].map(({ decisionDigest }) => decisionDigest);

  expect(new Set(digests).size).toBe(digests.length);
});

test('an assessment keeps where evidence comes from and not what was read from it', () => {
  fc.assert(
    fc.property(someReports, (evidence) => {
      const assessment = assess(evidence);

      for (const [index, summary] of assessment.evidence.entries()) {
        expect(summary).not.toHaveProperty('reading');
        expect(summary).toMatchObject({ path: evidence[index]!.path, sha256: evidence[index]!.sha256 });
      }
    }),
    runs,
  );
});

test('without outcomes only the prior speaks, says so, and is no measurement', () => {
  const { confidence, rollbackPrediction, signals, exitCode } = assess([]);

  expect(confidence).toMatchObject({
    certainty: 'LOW',
    basedOn: { historicalDeployments: 0, failures: 0, timeWindow: null },
    comparisonToBaseline: null,
    learnedFrom: { shows: 'prior', deployments: 0 },
  });
  expect(rollbackPrediction.learnedFrom).toEqual(confidence.learnedFrom);
  expect([signals.confidence_lower_bound.state, signals.rollback_probability.state]).toEqual(['missing', 'missing']);
  expect(exitCode).toBe(3);
});

test('what was learned from belongs to the decision', () => {
  const outcomes = (['success', 'failed'] as const).map((outcome) => learnedFrom([deploymentOf({ outcome })]));
  const [one, other] = outcomes.map((learned) => {
    const evaluation = evaluate(inputOf([], { learned }));
    return assess([], { evaluation });
  });

  expect(one?.confidence.learnedFrom.trainingDigest).not.toBe(other?.confidence.learnedFrom.trainingDigest);
  expect(one?.decisionDigest).not.toBe(other?.decisionDigest);
});

test('a gate that a fast-track left out is owed until an assessment shows it open', () => {
  const leftOut = [
    { gate: 'test_coverage', version: 'v0.9.1', since: '2026-02-01T00:00:00.000Z' },
    { gate: 'test_coverage', version: 'v0.9.2', since: '2026-02-02T00:00:00.000Z' },
  ];
  const coverage = {
    kind: 'coverage',
    engine: 'v8',
    lines: { part: 99, whole: 100 },
    branches: { part: 99, whole: 100 },
  };
  const covered = {
    path: 'reports/lcov.info',
    state: 'measured',
    kinds: ['coverage', 'mutation'],
    reading: {
      producer: { name: 'vitest' },
      facts: [
        { ...coverage, functions: null, statements: null, files: [] },
        { kind: 'mutation', killed: 90, timedOut: 0, survived: 1, noCoverage: 0, excluded: 0 },
      ],
      notices: [],
    },
  } as unknown as EvidenceRecord;

  const owed = assess([], { leftOut }).debts;
  const settled = assess([covered], { leftOut }).debts;

  expect(owed).toEqual([leftOut[0]]);
  expect(settled).toEqual([]);
});
