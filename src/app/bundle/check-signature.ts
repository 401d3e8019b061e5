import { openCheckpoint, type Checkpoint } from '../../core/audit/checkpoint.ts';
import { envelopeText, parseEnvelope } from '../../core/attest/dsse.ts';
import { verifySummary, type CheckName } from '../../core/attest/verify-summary.ts';
import {
  artifactOf,
  decisionExtension,
  defaultVerifier,
  resourceUriOf,
  summaryStatement,
} from '../../core/attest/vsa.ts';
import type { Assessment } from '../../core/decision/assessment.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { OpenBundle } from '../../ports/bundle-archive.ts';
import type { PinnedKey } from '../../ports/key-files.ts';
import type { SignatureCheck } from '../../ports/signer.ts';
import { policyUriOf } from '../attest-decision.ts';
import { isText, objectIn } from './bundle-json.ts';
import { bundleNames } from './bundle-request.ts';
import type { CheckedBundle } from './check-bundle.ts';
import { differences } from './differences.ts';

export interface SignatureFound {
  /** Keys that signed the decision. */
  readonly keyIds: readonly string[];
  /** Signed checkpoints that agree with the slice of the log, and the last entry that one of them is about; null for none. */
  readonly checkpoints: { readonly agreeing: number; readonly upTo: number | null };
}

/** What has to hold of any decision. Result and levels are compared with the decision: one that says no is signed as well. */
const checks: readonly CheckName[] = ['signature', 'subject', 'predicate-type', 'verifier', 'resource', 'policy'];

/**
 * Whether one of the keys signed this very decision, and what signed checkpoints say about the log.
 * @throws AqeError AQE3053 if not, or if a signed checkpoint contradicts the slice.
 */
export function checkSignature(
  { verify }: SignatureCheck,
  bundle: OpenBundle,
  { assessment, slice }: Pick<CheckedBundle, 'assessment' | 'slice'>,
  keys: readonly PinnedKey[],
): SignatureFound {
  if (!bundle.names.includes(bundleNames.attestation))
    throw refused('nobody signed it: the decision was made outside version control');
  const text = bundle.text(bundleNames.attestation);
  const { statement, keyIds } = signedStatement(text, assessment, keys, verify);
  const embedded = sameAsDecision(statement, assessment);
  const lines = bundle.text(bundleNames.checkpoints).split('\n').slice(0, -1);
  const found = [...lines, ...(embedded === null ? [] : [embedded])].flatMap((line) => opened(line, keys, verify));
  const hashes = new Map(slice.map(({ seq, hash }) => [seq, hash]));
  const about = found.filter(({ seq }) => hashes.has(seq));
  const other = about.find(({ seq, hash }) => hashes.get(seq) !== hash);
  if (other !== undefined) throw refused(`entry ${other.seq} of its audit log is another one than at ${other.time}`);
  const upTo = about.length === 0 ? null : Math.max(...about.map(({ seq }) => seq));
  return { keyIds, checkpoints: { agreeing: about.length, upTo } };
}

function signedStatement(
  text: string,
  assessment: Assessment,
  keys: readonly PinnedKey[],
  verify: SignatureCheck['verify'],
): { readonly statement: Readonly<Record<string, unknown>>; readonly keyIds: readonly string[] } {
  const { change, policyDigest, createdAt } = assessment;
  const artifact = artifactOf(assessment)?.digest;
  const subject = artifact ?? (change && { algorithm: 'gitCommit', value: change.head.commit });
  if (subject === null) throw refused('it is signed, and the decision is about neither a commit nor an artifact');
  try {
    const result = verifySummary(
      text,
      {
        keys: keys.map((key) => ({ ...key, verifier: key.verifier ?? defaultVerifier })),
        subject,
        resourceUri: resourceUriOf(assessment),
        levels: [],
        policyDigest,
        maxAge: null,
        now: createdAt,
      },
      verify,
    );
    const failed = result.checks.find(({ check, holds }) => checks.includes(check) && !holds);
    if (failed !== undefined) throw refused(`its signed statement does not hold (${failed.check}): ${failed.detail}`);
    return { statement: result.statement ?? {}, keyIds: parseEnvelope(text).signatures.map(({ keyid }) => keyid) };
  } catch (cause) {
    if (!(cause instanceof AqeError) || cause.code === 'AQE3053') throw cause;
    throw refused(`its signed statement cannot be read: ${cause.detail}`, cause);
  }
}

/**
 * Compares every word of the statement with what would be stated about the decision today. Gives the checkpoint in it; it and
 * the name of the verifier are the only words that the decision does not settle. Words of a later version are no contradiction.
 */
function sameAsDecision(statement: Readonly<Record<string, unknown>>, assessment: Assessment): string | null {
  const predicate = objectIn(statement['predicate'], 'the predicate of the statement');
  const extension = objectIn(predicate[decisionExtension], 'the decision in the statement');
  const { auditCheckpoint } = extension;
  const expected = summaryStatement({
    assessment,
    artifact: artifactOf(assessment),
    verifier: String(objectIn(predicate['verifier'], 'the verifier of the statement')['id']),
    resourceUri: null,
    policyUri: policyUriOf(assessment),
    auditCheckpoint: null,
  });
  const { [decisionExtension]: stated, ...rest } = expected.predicate;
  const places = [
    ...differences(expected.subject, statement['subject']).map((place) => `subject${place}`),
    ...differences(rest, pick(predicate, Object.keys(rest))),
    ...differences({ ...stated, auditCheckpoint }, pick(extension, Object.keys(stated))),
  ];
  if (places.length > 0)
    throw refused(`what was signed is another decision; different: ${places.slice(0, 5).join(', ')}`);
  return auditCheckpoint === null ? null : checkpointText(auditCheckpoint);
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}

function checkpointText(value: unknown): string {
  const { payloadType, payload, signatures } = objectIn(value, 'the checkpoint in the statement');
  if (!isText(payloadType) || !isText(payload) || !Array.isArray(signatures))
    throw refused('the checkpoint in its signed statement is none');
  const all = (signatures as readonly unknown[]).map((each) => {
    const { keyid, sig } = objectIn(each, 'the checkpoint in the statement');
    return { keyid: String(keyid), sig: String(sig) };
  });
  return envelopeText({ payloadType, payload, signatures: all });
}

/** A checkpoint that none of the keys signed says nothing: the key may be that of another machine. */
function opened(line: string, keys: readonly PinnedKey[], verify: SignatureCheck['verify']): readonly Checkpoint[] {
  try {
    return [openCheckpoint(line, keys, verify)];
  } catch (error) {
    if (error instanceof AqeError) return [];
    throw error;
  }
}

function refused(detail: string, cause?: unknown): AqeError {
  return new AqeError('AQE3053', detail, {}, cause);
}
