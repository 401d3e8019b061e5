import { decodeBase64 } from '../attest/base64.ts';
import { canonicalJson } from '../canonical-json.ts';
import {
  envelopeText,
  openText,
  parseEnvelope,
  signEnvelope,
  type SigningKey,
  type TrustedKey,
  type VerifySignature,
} from '../attest/dsse.ts';
import { decodeUtf8, encodeUtf8 } from '../attest/utf8.ts';
import type { Envelope } from '../attest/envelope.ts';
import { decisionExtension } from '../attest/vsa.ts';
import { AqeError } from '../error/aqe-error.ts';

/** A statement that the log has, as its entry `seq`, one with this hash, and by that everything before it. */
export interface Checkpoint {
  /** Whose log. */
  readonly origin: string;
  /** First entry that its writer added itself; those up to `seq` came with or after it. */
  readonly from: number;
  readonly seq: number;
  readonly hash: string;
  /** When it was signed, ISO-8601 UTC. */
  readonly time: string;
}

export const checkpointType = 'application/vnd.aqe.audit-checkpoint+json';

/** The signed checkpoint as one line: the text of a DSSE envelope. */
export function signedCheckpoint({ origin, from, seq, hash, time }: Checkpoint, key: SigningKey): string {
  const payload = encodeUtf8(canonicalJson({ origin, from, seq, hash, time }));
  return envelopeText(signEnvelope(checkpointType, payload, [key]));
}

/** @throws AqeError AQE3011 for what is no signed checkpoint, AQE3012 for a signature that does not hold. */
export function openCheckpoint(line: string, trusted: readonly TrustedKey[], verify: VerifySignature): Checkpoint {
  const { payloadType, payload } = openText(line, trusted, verify);
  const checkpoint = payloadType === checkpointType ? checkpointFrom(parsed(decodeUtf8(payload))) : null;
  if (checkpoint === null) throw new AqeError('AQE3011', 'it is no checkpoint of an audit log');
  return checkpoint;
}

/** The checkpoint in a value of any origin; null if it is none. */
export function checkpointFrom(value: unknown): Checkpoint | null {
  if (typeof value !== 'object' || value === null) return null;
  const { origin, from, seq, hash, time } = value as Readonly<Record<string, unknown>>;
  const good =
    typeof origin === 'string' &&
    isPlace(from) &&
    isPlace(seq) &&
    from <= seq &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    typeof time === 'string';
  return good ? { origin, from, seq, hash, time } : null;
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    // Not JSON: no checkpoint either.
    return null;
  }
}

/**
 * Texts of the signed checkpoints in a file: one a line, each a checkpoint or a signed decision with one in it. Nothing is
 * verified here.
 * @throws AqeError AQE3011 for anything else.
 */
export function checkpointsIn(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw new AqeError('AQE3011', 'the file is empty');
  return lines.map((line, index) => {
    const { payloadType, payload } = parseEnvelope(line);
    if (payloadType === checkpointType) return line;
    const bytes = decodeBase64(payload);
    const embedded = bytes === null ? null : embeddedIn(parsed(decodeUtf8(bytes)));
    if (embedded !== null) return embedded;
    throw new AqeError('AQE3011', `line ${index + 1} is no checkpoint, and no signed decision with one`);
  });
}

function embeddedIn(statement: unknown): string | null {
  const envelope = fieldOf(fieldOf(fieldOf(statement, 'predicate'), decisionExtension), 'auditCheckpoint');
  const signatures = fieldOf(envelope, 'signatures');
  if (!Array.isArray(signatures)) return null;
  // In the one spelling that can be opened; whether it is an envelope at all shows then.
  return JSON.stringify({
    payloadType: fieldOf(envelope, 'payloadType'),
    payload: fieldOf(envelope, 'payload'),
    signatures: signatures.map((each) => ({ keyid: fieldOf(each, 'keyid'), sig: fieldOf(each, 'sig') })),
  });
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
}

/** The newest of the signed checkpoints beside a log; null if there is none. A line that a crash cut short is none. */
export function newestCheckpoint(lines: readonly string[]): Envelope | null {
  for (const line of lines.toReversed()) {
    try {
      return parseEnvelope(line);
    } catch (error) {
      if (!(error instanceof AqeError)) throw error;
    }
  }
  return null;
}

/** The ranges of entries up to the newest checkpoint that the writer of none added, in order. */
export function strayEntries(checkpoints: readonly Checkpoint[]): readonly (readonly [first: number, last: number])[] {
  const strays: (readonly [number, number])[] = [];
  let end = 0;
  for (const { from, seq } of checkpoints.toSorted((a, b) => a.from - b.from)) {
    if (from > end + 1) strays.push([end + 1, from - 1]);
    end = Math.max(end, seq);
  }
  return strays;
}
