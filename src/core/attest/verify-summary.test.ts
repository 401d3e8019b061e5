import { describe, expect, test } from 'vitest';
import {
  bitFlips,
  commit,
  expectation,
  first,
  second,
  signed,
  signedSummary,
  statedAssessment,
  summaryInput,
} from '../../../test/support/attest.ts';
import { ed25519 } from '../../adapters/attest/ed25519.ts';
import { noSanctions } from '../approval/sanctions.ts';
import { AqeError } from '../error/aqe-error.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { verifySummary, type CheckName, type Expectation } from './verify-summary.ts';
import { defaultVerifier, summaryStatement } from './vsa.ts';

const good = signedSummary();
const statement = JSON.parse(JSON.stringify(summaryStatement(summaryInput()))) as Record<string, unknown> & {
  predicate: Record<string, unknown>;
};
const key = expectation.keys[0]!;

/** Names of the checks that do not hold. */
function failing(text: string, expected: Expectation = expectation): readonly CheckName[] {
  const { verified, checks } = verifySummary(text, expected, ed25519.verify);
  const failed = checks.filter(({ holds }) => !holds).map(({ check }) => check);
  expect(verified).toBe(failed.length === 0);
  return failed;
}

const withPredicate = (over: object): string =>
  signed({ ...statement, predicate: { ...statement.predicate, ...over } });
const withLevels = (...verifiedLevels: unknown[]): string => withPredicate({ verifiedLevels });

test('a good statement passes the seven checks in the order of the specification', () => {
  const { verified, checks, statement: read } = verifySummary(good, expectation, ed25519.verify);

  expect(verified).toBe(true);
  expect(checks.map(({ check, holds }) => [check, holds])).toEqual(
    ['signature', 'subject', 'predicate-type', 'verifier', 'resource', 'result', 'levels'].map((name) => [name, true]),
  );
  expect(read).toEqual(statement);
});

test('fields that nobody knows are no reason to refuse', () => {
  expect(
    failing(signed({ ...statement, note: 1, predicate: { ...statement.predicate, 'https://example.com/x': 1 } })),
  ).toEqual([]);
});

test('a second trusted key may sign along', () => {
  const keys = [
    key,
    { ...key, keyId: second.keyId, publicKey: second.publicKey, verifier: 'https://example.com/person' },
  ];

  expect(failing(signed(statement, [first, second]), { ...expectation, keys })).toEqual([]);
});

/** Each has one cause, and exactly the checks named fail. */
type Negative = readonly [why: string, text: string, over?: Partial<Expectation>];
const negatives: Readonly<Record<CheckName, readonly Negative[]>> = {
  signature: [
    ['no trusted key', good, { keys: [] }],
    ['another key', good, { keys: [{ ...key, keyId: second.keyId, publicKey: second.publicKey }] }],
    ['another key under the same id', good, { keys: [{ ...key, publicKey: second.publicKey }] }],
    ['signed by another key', signed(statement, [second])],
    ['signed by another key under the same id', signed(statement, [{ ...second, keyId: first.keyId }])],
    ['a further signature by a key that is not trusted', signed(statement, [first, second])],
    ['the same signature twice', signed(statement, [first, first])],
    ['the type of the payload swapped', good.replace('vnd.in-toto+json', 'vnd.in-toto+text')],
    ['another payload under the same signature', good.replace(/"payload":"[^"]*"/, '"payload":"e30="')],
    ['a key that is no key', good, { keys: [{ ...key, publicKey: 'AAAA' }] }],
  ],
  subject: [
    ['another commit', good, { subject: { algorithm: 'gitCommit', value: 'b'.repeat(40) } }],
    ['another algorithm', good, { subject: { algorithm: 'sha256', value: commit } }],
    ['a beginning of the commit', good, { subject: { algorithm: 'gitCommit', value: commit.slice(0, 12) } }],
    ['no subject', signed({ ...statement, subject: [] })],
    ['a subject without digest', signed({ ...statement, subject: [{ name: commit }] })],
    ['the digest as a name', signed({ ...statement, subject: [{ name: `gitCommit:${commit}`, digest: {} }] })],
    ['capitals', signed({ ...statement, subject: [{ digest: { gitCommit: commit.toUpperCase() } }] })],
    ['a list in place of the digest', signed({ ...statement, subject: [{ digest: { gitCommit: [commit] } }] })],
    ['a subject that is no list', signed({ ...statement, subject: { digest: { gitCommit: commit } } })],
    [
      'the digest in the predicate only',
      withPredicate({ subject: statement['subject'] }),
      { subject: { algorithm: 'gitCommit', value: 'c'.repeat(40) } },
    ],
  ],
  'predicate-type': [
    ['another predicate', signed({ ...statement, predicateType: 'https://slsa.dev/provenance/v1' })],
    ['another version', signed({ ...statement, predicateType: 'https://slsa.dev/verification_summary/v0.2' })],
    ['a slash at the end', signed({ ...statement, predicateType: 'https://slsa.dev/verification_summary/v1/' })],
    ['none', signed({ ...statement, predicateType: undefined })],
    ['a list', signed({ ...statement, predicateType: ['https://slsa.dev/verification_summary/v1'] })],
    ['another type of statement', signed({ ...statement, _type: 'https://in-toto.io/Statement/v0.1' })],
    ['no type of statement', signed({ ...statement, _type: undefined })],
  ],
  verifier: [
    ['another name', withPredicate({ verifier: { id: 'https://example.com/somebody' } })],
    ['another is asked for', good, { keys: [{ ...key, verifier: 'https://example.com/somebody' }] }],
    ['none', withPredicate({ verifier: undefined })],
    ['a name without object', withPredicate({ verifier: defaultVerifier })],
    ['a list', withPredicate({ verifier: { id: [defaultVerifier] } })],
    ['a longer name', withPredicate({ verifier: { id: `${defaultVerifier}#x` } })],
    [
      'the name of another trusted key',
      withPredicate({ verifier: { id: 'https://example.com/second' } }),
      { keys: [key, { keyId: second.keyId, publicKey: second.publicKey, verifier: 'https://example.com/second' }] },
    ],
  ],
  resource: [
    ['another environment', good, { resourceUri: 'aqe:service/shop?environment=staging' }],
    ['another service', good, { resourceUri: 'aqe:service/shop2?environment=production' }],
    ['a region that was not asked about', good, { resourceUri: 'aqe:service/shop?environment=production&region=eu' }],
    ['a beginning', good, { resourceUri: 'aqe:service/shop' }],
    ['none', withPredicate({ resourceUri: undefined })],
    ['an object', withPredicate({ resourceUri: { uri: expectation.resourceUri } })],
    ['capitals', withPredicate({ resourceUri: expectation.resourceUri.toUpperCase() })],
  ],
  result: [
    ['FAILED', withPredicate({ verificationResult: 'FAILED' })],
    ['small letters', withPredicate({ verificationResult: 'passed' })],
    ['none', withPredicate({ verificationResult: undefined })],
    ['yes', withPredicate({ verificationResult: true })],
    ['a list', withPredicate({ verificationResult: ['PASSED'] })],
    ['another key', withPredicate({ verificationResult: undefined, slsaResult: 'PASSED' })],
  ],
  levels: [
    ['none', withLevels()],
    ['no list', withPredicate({ verifiedLevels: 'AQE_GATE_PASSED' })],
    ['no levels at all', withPredicate({ verifiedLevels: undefined })],
    ['FAILED', withLevels('FAILED')],
    ['FAILED beside a good one', withLevels('AQE_GATE_PASSED', 'FAILED')],
    ['shadow', withLevels('AQE_SHADOW', 'AQE_RISK_LOW')],
    ['shadow beside a good one', withLevels('AQE_GATE_PASSED', 'AQE_SHADOW')],
    ['an override that nobody accepts', withLevels('AQE_OVERRIDDEN', 'AQE_RISK_LOW')],
    [
      'an emergency where overrides are accepted',
      withLevels('AQE_OVERRIDDEN', 'AQE_EMERGENCY'),
      { levels: ['AQE_OVERRIDDEN'] },
    ],
    ['warnings that are not accepted', withLevels('AQE_GATE_PASSED_WITH_WARNINGS'), { levels: ['AQE_GATE_PASSED'] }],
    ['a higher risk', withLevels('AQE_GATE_PASSED', 'AQE_RISK_MEDIUM'), { levels: ['AQE_RISK_LOW'] }],
    ['two risks', withLevels('AQE_GATE_PASSED', 'AQE_RISK_LOW', 'AQE_RISK_HIGH'), { levels: ['AQE_RISK_LOW'] }],
    ['no risk', withLevels('AQE_GATE_PASSED'), { levels: ['AQE_RISK_LOW', 'AQE_RISK_MEDIUM'] }],
    ['risk alone', withLevels('AQE_RISK_LOW'), { levels: ['AQE_RISK_LOW'] }],
    ['a further level that is missing', good, { levels: ['SLSA_BUILD_LEVEL_2'] }],
    ['another spelling', withLevels('aqe_gate_passed')],
  ],
  policy: [
    ['another policy', good, { policyDigest: '0'.repeat(64) }],
    ['none', withPredicate({ policy: undefined }), { policyDigest: '3'.repeat(64) }],
    ['no digest', withPredicate({ policy: { uri: 'x' } }), { policyDigest: '3'.repeat(64) }],
    [
      'another algorithm',
      withPredicate({ policy: { digest: { sha512: '3'.repeat(64) } } }),
      { policyDigest: '3'.repeat(64) },
    ],
    ['a digest as text', withPredicate({ policy: { digest: '3'.repeat(64) } }), { policyDigest: '3'.repeat(64) }],
  ],
  age: [
    ['too old', good, { maxAge: 44 * 60_000 }],
    ['a year old', good, { maxAge: 86_400_000, now: '2027-03-02T09:00:00.000Z' }],
    ['from the future', good, { maxAge: 86_400_000, now: '2026-03-02T08:10:04.000Z' }],
    ['no time', withPredicate({ timeVerified: undefined }), { maxAge: 86_400_000 }],
    ['no time of day', withPredicate({ timeVerified: '2026-03-02' }), { maxAge: 86_400_000 }],
    ['a time without zone', withPredicate({ timeVerified: '2026-03-02T08:15:04' }), { maxAge: 86_400_000 }],
    ['a number', withPredicate({ timeVerified: Date.parse('2026-03-02T08:15:04Z') }), { maxAge: 86_400_000 }],
    ['a month that is none', withPredicate({ timeVerified: '2026-13-02T08:15:04Z' }), { maxAge: 86_400_000 }],
  ],
};

describe.each(Object.entries(negatives) as [CheckName, (typeof negatives)[CheckName]][])(
  'the check of %s',
  (check, cases) => {
    test.each(cases.map(([why, text, over]) => ({ why, text, over })))('does not hold: $why', ({ text, over }) => {
      const failed = failing(text, { ...expectation, ...over });

      // Without a good signature nothing else is looked at.
      if (check === 'signature') expect(failed).toHaveLength(7);
      else expect(failed).toEqual([check]);
    });

    test('has at least five ways to fail', () => {
      expect(cases.length).toBeGreaterThanOrEqual(5);
    });
  },
);

test.each([
  ['another type of payload', signed(statement, [first], 'application/json')],
  ['no JSON', signed('hello')],
  ['a list', signed([statement])],
  ['null', signed('null')],
  [
    'a repeated result',
    signed(
      JSON.stringify(statement).replace('"verificationResult"', '"verificationResult":"PASSED","verificationResult"'),
    ),
  ],
  ['a repeated subject', signed(JSON.stringify(statement).replace('"subject"', '"subject":[],"subject"'))],
])('a signed payload that is no statement (%s) fails all checks but the signature', (_, text) => {
  const failed = failing(text);

  expect(failed).toEqual(['subject', 'predicate-type', 'verifier', 'resource', 'result', 'levels']);
});

test('what was not signed by a trusted key is not shown', () => {
  const { statement: read, checks } = verifySummary(signed(statement, [second]), expectation, ed25519.verify);

  expect(read).toBeNull();
  expect(checks[0]?.detail).toContain(second.keyId);
  expect(checks.slice(1).every(({ detail }) => detail.startsWith('not looked at'))).toBe(true);
});

test.each([
  [['AQE_GATE_PASSED', 'AQE_RISK_LOW'], []],
  [['AQE_GATE_PASSED_WITH_WARNINGS'], []],
  [
    ['AQE_GATE_PASSED', 'AQE_RISK_MEDIUM'],
    ['AQE_GATE_PASSED', 'AQE_RISK_LOW', 'AQE_RISK_MEDIUM'],
  ],
  [
    ['AQE_OVERRIDDEN', 'AQE_RISK_HIGH'],
    ['AQE_GATE_PASSED', 'AQE_OVERRIDDEN'],
  ],
  [['AQE_SHADOW'], ['AQE_SHADOW']],
  [['AQE_GATE_PASSED', 'SLSA_BUILD_LEVEL_3'], ['SLSA_BUILD_LEVEL_3']],
])('levels %j are accepted where %j are asked for', (carried, levels) => {
  expect(failing(withLevels(...carried), { ...expectation, levels })).toEqual([]);
});

test('an overridden or shadowed decision is not taken for one that passed', () => {
  const shadow = { decision: 'BLOCKED', status: 'BLOCKED' } as const;
  const inShadow = signedSummary({ assessment: statedAssessment({ status: 'APPROVED_WITH_WARNINGS', shadow }) });
  const blocked = signedSummary({
    assessment: statedAssessment({ decision: 'BLOCKED', status: 'BLOCKED', approvals: noSanctions }),
  });

  expect(failing(inShadow)).toEqual(['levels']);
  expect(failing(blocked)).toEqual(['result', 'levels']);
});

test('policy and age are checked when they are asked for', () => {
  const asked = { ...expectation, policyDigest: '3'.repeat(64), maxAge: 45 * 60_000 };

  expect(
    verifySummary(good, asked, ed25519.verify)
      .checks.map(({ check }) => check)
      .slice(7),
  ).toEqual(['policy', 'age']);
  expect(failing(good, asked)).toEqual([]);
});

test('of every single flipped bit of a statement, none is verified', { timeout: 60_000 }, () => {
  let tried = 0;
  let verified = 0;
  for (const flipped of bitFlips(encodeUtf8(`${good}\n`))) {
    const text = decodeUtf8(flipped);
    tried += 1;
    try {
      if (text !== null && verifySummary(text, expectation, ed25519.verify).verified) verified += 1;
    } catch (error) {
      if (!(error instanceof AqeError)) throw error;
    }
  }

  expect(verified).toBe(0);
  expect(tried).toBe(8 * (good.length + 1));
});
