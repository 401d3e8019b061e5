import { createPublicKey } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { expect, test } from 'vitest';
import type { Envelope } from '../../src/core/attest/envelope.ts';
import { agreement, first, second, signedSummary, statedAssessment } from '../support/attest.ts';
import { noSanctions } from '../../src/core/approval/sanctions.ts';

/** What the verifier of another project says of an envelope of ours: without network, log or timestamps, by key alone. */
function verdict(text: string, publicKey: string): string {
  const envelope = JSON.parse(text) as Envelope;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const material = toTrustMaterial(TrustedRoot.fromJSON({}), (hint) => {
    if (hint !== first.keyId) throw new Error(`unknown key ${hint}`);
    return { publicKey: key, validFor: () => true };
  });
  const bundle = bundleFromJSON({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      publicKey: { hint: envelope.signatures[0]!.keyid },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope: envelope,
  });
  try {
    new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(
      toSignedEntity(bundle),
    );
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const approvals = { ...noSanctions, requirements: [] };
const envelopes = [
  ['an approved release', signedSummary()],
  ['a blocked release', signedSummary({ assessment: statedAssessment({ decision: 'BLOCKED', status: 'BLOCKED' }) })],
  ['names beyond ASCII', signedSummary({ assessment: statedAssessment({ service: 'größe 漢字 🎈', approvals }) })],
  [
    'an emergency',
    signedSummary({
      assessment: statedAssessment({
        approvals: {
          ...noSanctions,
          emergency: {
            agreed: [agreement()],
            missing: 0,
            waitingFor: [],
            opened: { people: ['ada@example.com'], justification: 'down', until: agreement().until },
          },
        },
      }),
    }),
  ],
] as const;

test.each(envelopes)('the envelope of %s is accepted by @sigstore/verify', (_, text) => {
  expect(verdict(text, first.publicKey)).toBe('accepted');
});

test.each(envelopes)('the envelope of %s is not accepted with another key, type or payload', (_, text) => {
  const { payload } = JSON.parse(text) as Envelope;

  const verdicts = [
    verdict(text, second.publicKey),
    verdict(text.replace('in-toto+json', 'in-toto+xml'), first.publicKey),
    verdict(text.replace(payload, 'e30='), first.publicKey),
  ];

  expect(verdicts).toEqual(Array(3).fill('signature verification failed'));
});
