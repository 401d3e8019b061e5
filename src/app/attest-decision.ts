import { newestCheckpoint } from '../core/audit/checkpoint.ts';
import { envelopeText, signEnvelope } from '../core/attest/dsse.ts';
import { encodeUtf8 } from '../core/attest/utf8.ts';
import { artifactOf, defaultVerifier, statementPayloadType, summaryStatement } from '../core/attest/vsa.ts';
import type { Assessment } from '../core/decision/assessment.ts';
import type { StoredEnvelope } from '../ports/store.ts';
import type { Workspace } from './workspace.ts';

export type AttestDeps = Pick<Workspace, 'audit' | 'systemSigner'>;

/**
 * The decision as a signed SLSA Verification Summary with the newest checkpoint of the audit log in it. null without an artifact
 * outside version control: a statement is about something that has a digest.
 */
export async function decisionEnvelope(deps: AttestDeps, assessment: Assessment): Promise<StoredEnvelope | null> {
  const artifact = artifactOf(assessment);
  if (assessment.change === null && artifact === null) return null;
  const [signer, checkpoints] = await Promise.all([deps.systemSigner(), deps.audit.checkpoints.read()]);
  const statement = summaryStatement({
    assessment,
    artifact,
    verifier: defaultVerifier,
    resourceUri: null,
    policyUri: policyUriOf(assessment),
    auditCheckpoint: newestCheckpoint(checkpoints),
  });
  const payload = encodeUtf8(JSON.stringify(statement));
  const { id, service, version, environment, decisionDigest, createdAt } = assessment;
  const envelope = envelopeText(signEnvelope(statementPayloadType, payload, [signer]));
  return { id, service, version, environment, decisionDigest, createdAt, envelope };
}

/** Where the policy is, as statements say it. */
export function policyUriOf({ policySource: { path, ref } }: Assessment): string {
  if (path === null) return 'aqe:policy/default';
  const name = path.split('/').map(encodeURIComponent).join('/');
  return ref === null ? name : `${name}?ref=${encodeURIComponent(ref)}`;
}
