import { envelopeText, signEnvelope, type SigningKey, type TrustedKey } from './dsse.ts';
import { encodeUtf8 } from './utf8.ts';

const rotationPayloadType = 'application/vnd.aqe-deploy.key-rotation+json';

/** A line that states that one key takes the place of another, signed by both. `at` is ISO-8601 UTC. */
export function rotationStatement(from: SigningKey & TrustedKey, to: SigningKey & TrustedKey, at: string): string {
  const half = ({ keyId, publicKey }: TrustedKey): TrustedKey => ({ keyId, publicKey });
  const payload = { schemaVersion: '1', at, from: half(from), to: half(to) };
  return envelopeText(signEnvelope(rotationPayloadType, encodeUtf8(JSON.stringify(payload)), [from, to]));
}
