/** Documents that are written from a model, and the check that reading them gives the model back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decoderFor, encodingOf } from '../../src/adapters/files/decode.ts';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import type { Fact, LineHits, Reading } from '../../src/core/evidence/reading.ts';
import type { ByteSession, ReadingSession, SignalReader } from '../../src/ports/signal-reader.ts';

export interface Document {
  /** Path as discovery would show it. */
  readonly path: string;
  readonly text: string;
  /** What {@link shown} makes of the facts; parts that are left out are not compared. */
  readonly expected: readonly object[];
}

export interface RoundTrip {
  /** Id of the reader, and behind a blank which of the shapes of its format this is. */
  readonly name: string;
  readonly documents: fc.Arbitrary<Document>;
  /** Remarks that a reading of these documents may have; without it, none. */
  readonly notices?: RegExp;
}

/** A fact as it is compared: line hits as text, and issues without their order. */
function shown(fact: Fact): object {
  switch (fact.kind) {
    case 'tests': {
      const listed = { failed: 0, errored: 0, flaky: 0 };
      for (const { outcome } of fact.cases) listed[outcome] += 1;
      return { ...fact, listed };
    }
    case 'coverage':
      return {
        ...fact,
        hits: Object.fromEntries(fact.files.flatMap(({ path, hits }) => (hits ? [[`/${path}`, linesOf(hits)]] : []))),
      };
    case 'code-issues':
    case 'security-issues':
      return { ...fact, items: fact.items.map((item) => ({ ...item })).toSorted(byText) };
    default:
      return fact;
  }
}

/** A total order of issues by what is compared of them. */
export function byText(a: object, b: object): number {
  const [left, right] = [textOf(a), textOf(b)];
  return left < right ? -1 : Number(left > right);
}

function textOf(item: object): string {
  const { severity, rule, ids, path, line, component, suppressedBy } = item as Record<string, unknown>;
  return JSON.stringify([severity, rule, ids, path, line, component, suppressedBy !== undefined]);
}

/** `1+ 2-`: line 1 was executed, line 2 was not. */
function linesOf({ instrumented, covered }: LineHits): string {
  const lines: string[] = [];
  instrumented.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit += 1)
      if (byte & (1 << bit)) lines.push(`${index * 8 + bit}${covered[index]! & (1 << bit) ? '+' : '-'}`);
  });
  return lines.join(' ');
}

const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });

/** Each document is claimed by its reader alone, and says what its model said, read whole and in pieces of its bytes. */
export function testRoundTrips(trips: readonly RoundTrip[], numRuns = 80): void {
  test.each(trips.map((trip) => [trip.name, trip] as const))(
    '%s documents say what was written',
    (name, { documents, notices }) => {
      const id = name.split(' ', 1)[0]!;
      const reader = signalReaders.find((each) => each.id === id)!;

      fc.assert(
        fc.property(documents, cuts, fc.boolean(), ({ path, text, expected }, sizes, mark) => {
          const head = { path, text: text.slice(0, 65_536) };
          expect(signalReaders.filter((each) => each.detects(head)).map((each) => each.id)).toEqual([id]);

          const whole = readWhole(reader, path, text);
          const pieces = readBytes(reader, path, new TextEncoder().encode(`${mark ? '\ufeff' : ''}${text}`), sizes);

          expect(whole.facts.map(shown)).toMatchObject(expected);
          expect(whole.notices.filter((notice) => !notices?.test(notice))).toEqual([]);
          expect(pieces).toEqual(whole);
        }),
        { numRuns },
      );
    },
  );
}

function readWhole(reader: SignalReader, path: string, text: string): Reading {
  const session = reader.open({ path });
  session.push(text);
  return session.finish();
}

function readBytes(reader: SignalReader, path: string, bytes: Uint8Array, sizes: readonly number[]): Reading {
  const session: ReadingSession & Partial<ByteSession> = reader.open({ path });
  const decoder = decoderFor(encodingOf(path, bytes));
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const piece = bytes.slice(at, (at += sizes[turn % sizes.length]!));
    if (session.pushBytes && decoder.isPlain(piece)) session.pushBytes(piece);
    else session.push(decoder.push(piece));
  }
  session.push(decoder.end());
  return session.finish();
}
