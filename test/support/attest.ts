import { signerFromPem } from '../../src/adapters/attest/ed25519.ts';
import { noSanctions, type Agreement } from '../../src/core/approval/sanctions.ts';
import { envelopeText, signEnvelope } from '../../src/core/attest/dsse.ts';
import { encodeUtf8 } from '../../src/core/attest/utf8.ts';
import type { Expectation } from '../../src/core/attest/verify-summary.ts';
import {
  defaultVerifier,
  statementPayloadType,
  summaryStatement,
  type StatedAssessment,
  type SummaryInput,
} from '../../src/core/attest/vsa.ts';
import type { Signer } from '../../src/ports/signer.ts';

/** PKCS#8 of the Ed25519 key with this seed (32 bytes, hex). */
function privateKeyOf(seed: string): string {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

/** Keys that are in no one's use: the seeds of the first two test vectors of RFC 8032. */
export const pems = {
  first: privateKeyOf('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
  second: privateKeyOf('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
} as const;
export const first: Signer = signerFromPem(pems.first, 'first');
export const second: Signer = signerFromPem(pems.second, 'second');

export const commit = 'a'.repeat(40);

export function statedAssessment(over: Partial<StatedAssessment> = {}): StatedAssessment {
  return {
    service: 'shop',
    version: 'v2.5.0',
    environment: 'production',
    region: null,
    decision: 'APPROVED',
    status: 'APPROVED',
    createdAt: '2026-03-02T08:15:04.123Z',
    shadow: null,
    fastTrack: null,
    risk: { overallRisk: 12.5, level: 'LOW', worstLevel: 'LOW' },
    change: { head: { commit } },
    evidence: [
      { path: 'reports/junit.xml', sha256: '1'.repeat(64) },
      { path: 'reports/lcov.info', sha256: '2'.repeat(64) },
      { path: 'reports/not-there.json', sha256: null },
    ],
    approvals: noSanctions,
    policyDigest: '3'.repeat(64),
    decisionDigest: '4'.repeat(64),
    ...over,
  };
}

export function summaryInput(over: Partial<SummaryInput> = {}): SummaryInput {
  return {
    assessment: statedAssessment(),
    artifact: null,
    verifier: defaultVerifier,
    resourceUri: null,
    policyUri: 'aqe-deploy.yaml',
    auditCheckpoint: null,
    ...over,
  };
}

/** What accepts the statement of `summaryInput()` signed by `first`. */
export const expectation: Expectation = {
  keys: [{ keyId: first.keyId, publicKey: first.publicKey, verifier: defaultVerifier }],
  subject: { algorithm: 'gitCommit', value: commit },
  resourceUri: 'aqe:service/shop?environment=production',
  levels: [],
  policyDigest: null,
  maxAge: null,
  now: '2026-03-02T09:00:00.000Z',
};

/** Text of an envelope over any value, or over a text as it stands. */
export function signed(
  value: unknown,
  keys: readonly [Signer, ...Signer[]] = [first],
  type = statementPayloadType,
): string {
  return envelopeText(signEnvelope(type, encodeUtf8(typeof value === 'string' ? value : JSON.stringify(value)), keys));
}

export function signedSummary(over: Partial<SummaryInput> = {}): string {
  return signed(summaryStatement(summaryInput(over)));
}

export function agreement(over: Partial<Agreement> = {}): Agreement {
  return {
    id: 'r1',
    person: 'ada@example.com',
    role: 'CTO',
    identity: `ed25519:${second.keyId}`,
    comment: 'not for everybody',
    at: '2026-03-02T08:00:00.000Z',
    until: '2026-03-03T08:00:00.000Z',
    ...over,
  };
}

/** Everything that differs from the bytes in one bit. */
export function* bitFlips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1)
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[at]! ^= 1 << bit;
      yield flipped;
    }
}
