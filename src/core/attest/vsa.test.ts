import { expect, test } from 'vitest';
import { agreement, commit, first, signed, statedAssessment, summaryInput } from '../../../test/support/attest.ts';
import { noSanctions, type Sanctions } from '../approval/sanctions.ts';
import { AqeError } from '../error/aqe-error.ts';
import { parseEnvelope } from './dsse.ts';
import { decisionExtension, gateLevels, parseDigest, resourceUriOf, riskLevels, summaryStatement } from './vsa.ts';

const opened = { people: ['ada@example.com'], justification: 'x', until: '2026-03-03T08:00:00.000Z' };
const override = (gate: string, holds = true): Sanctions['overrides'][number] => ({
  gate,
  agreed: [agreement()],
  missing: holds ? 0 : 1,
  waitingFor: [],
  opened: holds ? opened : null,
});
const emergency = { agreed: [agreement()], missing: 0, waitingFor: [], opened };
const said = {
  id: 'r1',
  person: 'ada@example.com',
  role: 'CTO',
  identity: agreement().identity,
  at: agreement().at,
  until: agreement().until,
};

test('an approved release is stated with all its evidence', () => {
  const statement = summaryStatement(summaryInput());

  expect(statement).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'shop@v2.5.0', digest: { gitCommit: commit } }],
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: 'https://aqe-deploy.dev/verifier/v1' },
      timeVerified: '2026-03-02T08:15:04.123Z',
      resourceUri: 'aqe:service/shop?environment=production',
      policy: { uri: 'aqe-deploy.yaml', digest: { sha256: '3'.repeat(64) } },
      inputAttestations: [
        { uri: 'reports/junit.xml', digest: { sha256: '1'.repeat(64) } },
        { uri: 'reports/lcov.info', digest: { sha256: '2'.repeat(64) } },
      ],
      verificationResult: 'PASSED',
      verifiedLevels: ['AQE_GATE_PASSED', 'AQE_RISK_LOW'],
      'https://aqe-deploy.dev/decision/v1': {
        digest: { sha256: '4'.repeat(64) },
        decision: 'APPROVED',
        status: 'APPROVED',
        service: 'shop',
        version: 'v2.5.0',
        environment: 'production',
        region: null,
        risk: { score: 12.5, level: 'LOW', worstLevel: 'LOW' },
        overrides: [],
        approvals: [],
        emergency: null,
        auditCheckpoint: null,
      },
    },
  });
});

test('where an artifact is known the statement is about it', () => {
  const digest = { algorithm: 'sha256', value: '5'.repeat(64) };

  const { subject } = summaryStatement(summaryInput({ artifact: { name: 'registry.example/shop', digest } }));

  expect(subject).toEqual([{ name: 'registry.example/shop', digest: { sha256: '5'.repeat(64) } }]);
});

test('without artifact and without commit there is nothing to state', () => {
  const input = summaryInput({ assessment: statedAssessment({ change: null }) });

  expect(() => summaryStatement(input)).toThrow(AqeError);
  expect(() => summaryStatement(input)).toThrow(/neither an artifact nor a commit/);
});

test.each(['BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL'] as const)('%s is stated as failed', (decision) => {
  const { predicate } = summaryStatement(
    summaryInput({ assessment: statedAssessment({ decision, status: decision }) }),
  );

  expect([predicate.verificationResult, predicate.verifiedLevels]).toEqual(['FAILED', ['FAILED']]);
});

const shadow = { decision: 'BLOCKED', status: 'BLOCKED' } as const;
const fastTrack = { priority: 'P0', skippedGates: ['performance'] };
const warned = 'APPROVED_WITH_WARNINGS';

test.each([
  ['nothing but evidence', {}, ['AQE_GATE_PASSED']],
  ['warnings', { status: warned }, ['AQE_GATE_PASSED_WITH_WARNINGS']],
  ['shadow mode', { status: warned, shadow }, ['AQE_SHADOW']],
  ['gates left out', { status: warned, fastTrack }, ['AQE_FAST_TRACK']],
  ['a fast-track that left nothing out', { fastTrack: { priority: 'P0', skippedGates: [] } }, ['AQE_GATE_PASSED']],
  ['an override', { approvals: { ...noSanctions, overrides: [override('security')] } }, ['AQE_OVERRIDDEN']],
  [
    'an override that lacks people',
    { approvals: { ...noSanctions, overrides: [override('security', false)] } },
    ['AQE_GATE_PASSED'],
  ],
  ['an emergency', { approvals: { ...noSanctions, emergency } }, ['AQE_EMERGENCY']],
  [
    'an emergency that lacks people',
    { approvals: { ...noSanctions, emergency: { ...emergency, opened: null } } },
    ['AQE_GATE_PASSED'],
  ],
  [
    'everything at once',
    { status: warned, shadow, fastTrack, approvals: { ...noSanctions, emergency, overrides: [override('security')] } },
    ['AQE_SHADOW', 'AQE_EMERGENCY', 'AQE_OVERRIDDEN', 'AQE_FAST_TRACK'],
  ],
] as const)('a release let through by %s carries the level that says so', (_, over, levels) => {
  const { predicate } = summaryStatement(summaryInput({ assessment: statedAssessment(over) }));

  expect(predicate.verifiedLevels).toEqual([...levels, 'AQE_RISK_LOW']);
});

test('the level of risk is that of the worst case, and none where nothing is measured', () => {
  const levelsFor = (risk: ReturnType<typeof statedAssessment>['risk']): readonly string[] =>
    summaryStatement(summaryInput({ assessment: statedAssessment({ risk }) })).predicate.verifiedLevels;

  expect(levelsFor({ overallRisk: 12.5, level: 'LOW', worstLevel: 'MEDIUM' })).toEqual([
    'AQE_GATE_PASSED',
    'AQE_RISK_MEDIUM',
  ]);
  expect(levelsFor(null)).toEqual(['AQE_GATE_PASSED']);
});

test('approvals are stated once each, with who and until when, and without their comments', () => {
  const requirement = { name: 'a', when: 'always', roles: [], count: 1 } as const;
  const met = { requirement, agreed: [agreement()], missing: 0, waitingFor: [] };
  const approvals = {
    ...noSanctions,
    requirements: [met, met],
    overrides: [override('security'), override('coverage', false)],
    emergency,
  };

  const statement = summaryStatement(summaryInput({ assessment: statedAssessment({ approvals }) }));

  const extension = statement.predicate[decisionExtension];
  expect(extension.approvals).toEqual([said]);
  expect(extension.overrides).toEqual([{ gate: 'security', agreed: [said] }]);
  expect(extension.emergency).toEqual([said]);
  expect(JSON.stringify(statement)).not.toContain('not for everybody');
});

test('a checkpoint of the audit log travels along as it was signed', () => {
  const auditCheckpoint = parseEnvelope(signed('checkpoint', [first], 'application/vnd.example'));

  const { predicate } = summaryStatement(summaryInput({ auditCheckpoint }));

  expect(predicate[decisionExtension].auditCheckpoint).toEqual(auditCheckpoint);
});

test('equal decisions have equal text', () => {
  expect(JSON.stringify(summaryStatement(summaryInput()))).toBe(JSON.stringify(summaryStatement(summaryInput())));
});

test.each([
  [{ service: 'shop', environment: 'production' }, 'aqe:service/shop?environment=production'],
  [
    { service: '@acme/shop', environment: 'eu west', region: 'a&b=c' },
    'aqe:service/%40acme%2Fshop?environment=eu%20west&region=a%26b%3Dc',
  ],
  [{ service: 'a?environment=x', environment: 'production' }, 'aqe:service/a%3Fenvironment%3Dx?environment=production'],
  [{ service: '\ud800', environment: 'production' }, 'aqe:service/%EF%BF%BD?environment=production'],
])('%j has a resource URI of its own', (of, uri) => {
  expect(resourceUriOf(of)).toBe(uri);
});

test('no level of ours claims one of SLSA', () => {
  expect([...gateLevels, ...riskLevels].filter((level) => !level.startsWith('AQE_'))).toEqual([]);
});

test.each([
  [`sha256:${'a'.repeat(64)}`, 'sha256'],
  [`sha512:${'a'.repeat(128)}`, 'sha512'],
  [`gitCommit:${'a'.repeat(40)}`, 'gitCommit'],
  [`gitCommit:${'a'.repeat(64)}`, 'gitCommit'],
])('%s is a digest', (text, algorithm) => {
  expect(parseDigest(text)?.algorithm).toBe(algorithm);
});

test.each([
  '',
  'a'.repeat(64),
  `sha256:${'a'.repeat(63)}`,
  `sha256:${'A'.repeat(64)}`,
  `md5:${'a'.repeat(32)}`,
  `sha1:${'a'.repeat(40)}`,
  `gitCommit:${'a'.repeat(7)}`,
  `sha256:${'a'.repeat(64)}\n`,
  `toString:${'a'.repeat(64)}`,
])('%j is no digest to compare with', (text) => {
  expect(parseDigest(text)).toBeNull();
});
