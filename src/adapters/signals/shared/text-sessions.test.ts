import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { csvSession, separatorOf } from './csv.ts';
import { jsonSequenceSession } from './json-sequence.ts';
import { linesSession } from './lines.ts';

const file = { path: 'report' };
const nothing = { producer: { name: 'x' }, facts: [], notices: [] };

function feed(session: ReadingSession, text: string, size: number): void {
  for (let at = 0; at < text.length; at += size) session.push(text.slice(at, at + size));
  session.finish();
}

const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('lines', () => {
  test('are given without their breaks and with their numbers, however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' ') }), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        (lines, ending, size) => {
          const all = ['first', ...lines];
          const seen: [string, number][] = [];
          const handler = {
            line: (line: string, number: number) => void seen.push([line, number]),
            finish: () => nothing,
          };

          feed(linesSession(file, handler), all.map((line) => line + ending).join(''), size);

          expect(seen).toEqual(all.map((line, index) => [line, index + 1]));
        },
      ),
    );
  });

  test('that are none are refused', () => {
    const session = linesSession(file, { line: () => undefined, finish: () => nothing });

    expect(() => feed(session, ' \n\n', 2)).toThrow(refusal('AQE2001'));
  });
});

describe('a JSON sequence', () => {
  const read = (text: string, size: number): unknown[] => {
    const seen: unknown[] = [];
    feed(
      jsonSequenceSession(file, { value: (value, line) => void seen.push([value, line]), finish: () => nothing }),
      text,
      size,
    );
    return seen;
  };

  test('gives its values and their lines, on one line or many, however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), { minLength: 1 }),
        fc.constantFrom(0, 2),
        fc.constantFrom('\n', '\n\n ', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        (given, indent, between, size) => {
          const values = given.map((value) => JSON.parse(JSON.stringify(value)) as unknown);
          const texts = values.map((value) => JSON.stringify(value, null, indent));
          const starts = texts.map((_, index) => texts.slice(0, index).join(between) + (index > 0 ? between : ''));

          const seen = read(texts.join(between), size);

          expect(seen).toEqual(values.map((value, index) => [value, starts[index]!.split('\n').length]));
        },
      ),
    );
  });

  test.each([
    ['nothing', ' \n', 'AQE2001'],
    ['a value cut short', '{"a":1}\n{"a":', 'AQE2002'],
    ['a string cut short', '{"a":"x\\', 'AQE2002'],
    ['text between values', '{"a":1}\noops\n', 'AQE2002'],
    ['brackets that do not match', '{"a":1]\n', 'AQE2002'],
    ['nesting without end', '['.repeat(600), 'AQE2005'],
  ])('of %s is refused', (_, text, code) => {
    expect(() => read(text, 3)).toThrow(refusal(code));
  });
});

describe('CSV', () => {
  const read = (text: string, size: number, separator = ','): (readonly [readonly string[], number])[] => {
    const seen: (readonly [readonly string[], number])[] = [];
    feed(
      csvSession(file, separator, { record: (fields, line) => void seen.push([fields, line]), finish: () => nothing }),
      text,
      size,
    );
    return seen;
  };
  const field = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', '\n', ' ', ';') });
  const quote = (text: string): string =>
    /[",\n;]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;

  test('gives the fields that were written, however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(',', ';'),
        (records, ending, endsInBreak, size, separator) => {
          const text = records.map((fields) => fields.map(quote).join(separator)).join(ending);

          const seen = read(text + (endsInBreak ? ending : ''), size, separator);

          expect(seen.map(([fields]) => fields)).toEqual(records);
        },
      ),
    );
  });

  test('names the line that a record begins on, and skips empty lines', () => {
    expect(read('a,b\n\n"x\ny",c\nd,', 2)).toEqual([
      [['a', 'b'], 1],
      [['x\ny', 'c'], 3],
      [['d', ''], 5],
    ]);
  });

  test.each([
    ['nothing', '\n \n', 'AQE2001'],
    ['an open quote', 'a,"b\n', 'AQE2002'],
    ['text behind a quote', 'a,"b"c\n', 'AQE2002'],
  ])('of %s is refused', (_, text, code) => {
    expect(() => read(text, 3)).toThrow(refusal(code));
  });

  test.each([
    ['a,b,c', ','],
    ['a;b;"c,d"', ';'],
    ['a\tb', '\t'],
  ])('%j is separated by %j', (header, separator) => {
    expect(separatorOf(header)).toBe(separator);
  });
});
