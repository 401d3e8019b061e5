import { describe, expect, test } from 'vitest';
import { ed25519, newPrivateKey, signerFromPem } from '../../adapters/attest/ed25519.ts';
import { envelopeText, signEnvelope } from '../attest/dsse.ts';
import { encodeUtf8 } from '../attest/utf8.ts';
import { decisionExtension } from '../attest/vsa.ts';
import {
  checkpointFrom,
  checkpointsIn,
  checkpointType,
  newestCheckpoint,
  openCheckpoint,
  signedCheckpoint,
  strayEntries,
} from './checkpoint.ts';

const key = signerFromPem(newPrivateKey(), 'test');
const other = signerFromPem(newPrivateKey(), 'test');
const checkpoint = { origin: 'shop', from: 11, seq: 12, hash: '0f'.repeat(32), time: '2026-03-01T12:00:00.000Z' };
const line = signedCheckpoint(checkpoint, key);

/** A signed decision with this as its checkpoint. */
function decisionWith(auditCheckpoint: unknown): string {
  const statement = { predicateType: 'x', predicate: { [decisionExtension]: { auditCheckpoint } } };
  return envelopeText(signEnvelope('application/vnd.in-toto+json', encodeUtf8(JSON.stringify(statement)), [key]));
}

describe('a signed checkpoint', () => {
  test('is one line that opens with the key that signed it', () => {
    expect(line).not.toContain('\n');
    expect(openCheckpoint(line, [other, key], ed25519.verify)).toEqual(checkpoint);
  });

  test('does not open with other keys, with none, or after a change', () => {
    const payload = JSON.parse(line).payload as string;
    const changed = line.replace(
      payload,
      signedCheckpoint({ ...checkpoint, seq: 11 }, other).match(/"payload":"([^"]*)"/)![1]!,
    );

    for (const [text, keys] of [
      [line, [other]],
      [line, []],
      [changed, [key]],
    ] as const)
      expect(() => openCheckpoint(text, keys, ed25519.verify)).toThrow(expect.objectContaining({ code: 'AQE3012' }));
  });

  test('is not anything else that the key signed', () => {
    const statement = envelopeText(
      signEnvelope('application/vnd.in-toto+json', encodeUtf8(JSON.stringify(checkpoint)), [key]),
    );
    const shapeless = envelopeText(signEnvelope(checkpointType, encodeUtf8('{"seq":1}'), [key]));
    const text = envelopeText(signEnvelope(checkpointType, encodeUtf8('hello'), [key]));

    for (const each of [statement, shapeless, text])
      expect(() => openCheckpoint(each, [key], ed25519.verify)).toThrow(expect.objectContaining({ code: 'AQE3011' }));
  });
});

describe('checkpoints in a file', () => {
  test('are those of its lines', () => {
    expect(checkpointsIn(`${line}\n${line}\n`)).toEqual([line, line]);
  });

  test('are those in signed decisions', () => {
    const { payloadType, payload, signatures } = JSON.parse(line);

    const found = checkpointsIn(decisionWith({ signatures, payloadType, payload }));

    expect(found).toEqual([line]);
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['JSON', '{}'],
    ['a decision without one', decisionWith(null)],
    ['a decision with something else', decisionWith({ seq: 1 })],
  ])('are not in %s', (_, text) => {
    expect(() => checkpointsIn(text)).toThrow(expect.objectContaining({ code: 'AQE3011' }));
  });
});

test('the newest one is the last line that is whole', () => {
  const newer = signedCheckpoint({ ...checkpoint, seq: 13 }, key);

  expect(newestCheckpoint([line, newer, newer.slice(0, 60)])).toEqual(JSON.parse(newer));
  expect(newestCheckpoint(['{"pay'])).toBeNull();
  expect(newestCheckpoint([])).toBeNull();
});

test.each([
  null,
  7,
  {},
  { ...checkpoint, seq: 0 },
  { ...checkpoint, from: 13 },
  { ...checkpoint, from: undefined },
  { ...checkpoint, seq: 1.5 },
  { ...checkpoint, hash: 'x' },
  { ...checkpoint, time: 1 },
])('%j is no checkpoint', (value) => {
  expect(checkpointFrom(value)).toBeNull();
});

test('entries that the writer of no checkpoint added are strays, in whatever order the checkpoints stand', () => {
  const of = (from: number, seq: number) => ({ ...checkpoint, from, seq });

  expect(strayEntries([])).toEqual([]);
  expect(strayEntries([of(3, 4), of(1, 2), of(5, 5)])).toEqual([]);
  expect(strayEntries([of(8, 9), of(2, 3), of(6, 6)])).toEqual([[1, 1], [4, 5], [7, 7]]); // prettier-ignore
  expect(strayEntries([of(1, 9), of(3, 3), of(11, 11)])).toEqual([[10, 10]]);
});
