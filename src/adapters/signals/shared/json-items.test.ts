import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handedOn, jsonItemsSession, type JsonItems } from './json-items.ts';

const file = { path: 'report.json' };

interface Read {
  readonly taken: (readonly [unknown, readonly (string | number)[]])[];
  readonly rest: unknown;
}

function read(text: string, size: number, paths: readonly Pick<JsonItems, 'path' | 'keep'>[]): Read {
  const taken: Read['taken'] = [];
  let rest: unknown;
  const items = paths.map((path): JsonItems => ({ ...path, take: (value, at) => void taken.push([value, at]) }));
  const session = jsonItemsSession(file, items, z.unknown(), (value) => {
    rest = value;
    return { producer: { name: 'x' }, facts: [], notices: [] };
  });
  for (let at = 0; at < text.length; at += size) session.push(text.slice(at, at + size));
  session.finish();
  return { taken, rest };
}

const key = fc.oneof(fc.constantFrom('runs', 'results', 'tool', '', '"', '\\', 'a"}]', '__proto__x'), fc.string());
const container = fc.oneof(
  fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 4 }),
  fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
);
const document = fc.record(
  {
    version: fc.string(),
    runs: fc.array(
      fc.record(
        { tool: container, results: fc.array(container, { maxLength: 80 }), more: fc.jsonValue({ maxDepth: 2 }) },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    results: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['runs'] },
);
const paths = [{ path: ['runs', '*', 'tool'], keep: true }, { path: ['runs', '*', 'results', '*'] }] as const;

test('values at the paths are handed on in order with their places, and the rest is what is left', () => {
  fc.assert(
    fc.property(document, fc.constantFrom(0, 2), fc.integer({ min: 1, max: 40 }), (made, indent, size) => {
      const whole = JSON.parse(JSON.stringify(made)) as typeof made;
      const text = JSON.stringify(whole, null, indent);
      const expected = whole.runs.flatMap((run, index) =>
        Object.keys(run).flatMap((name): Read['taken'] => {
          if (name === 'tool') return [[run.tool, [index]]];
          if (name !== 'results') return [];
          return run.results!.map((result, at) => [result, [index, at]]);
        }),
      );

      const { taken, rest } = read(text, size, paths);

      const left = rest as typeof whole;
      expect(taken).toEqual(expected);
      const withoutResults = (all: typeof whole): unknown => ({
        ...all,
        runs: all.runs.map((run) => ({ tool: run.tool, more: run.more })),
      });
      expect(withoutResults(left)).toEqual(withoutResults(whole));
      for (const [index, run] of left.runs.entries()) {
        const given = whole.runs[index]!.results;
        expect([...new Set<unknown>(run.results)]).toEqual(given && given.length > 0 ? [handedOn] : []);
      }
    }),
  );
});

test.each([
  ['a value cut short', '{"runs":[{"results":[{"a":1},{"a":'],
  ['a string cut short', '{"runs":[{"results":[{"a":"x\\'],
  ['brackets that do not match', '{"runs":[{"results":[{"a":1]]}]}'],
  ['two commas', '{"runs":[{"results":[{},,{}]}]}'],
  ['a comma at the end', '{"runs":[{"results":[{},]}]}'],
  ['no comma', '{"runs":[{"results":[{} {}]}]}'],
  ['a bad value', '{"runs":[{"results":[{},{a:1}]}]}'],
  ['text behind the end', '{"runs":[]} x'],
])('%s is refused, however it is cut', (_, text) => {
  for (const size of [1, 5, 100])
    expect(() => read(text, size, paths)).toThrow(expect.objectContaining({ code: 'AQE2002' }));
});

test('plain values at a path stay in the rest', () => {
  const { taken, rest } = read('{"runs":[{"results":[1,"a",{"b":2},null]}]}', 3, paths);

  expect(taken).toEqual([[{ b: 2 }, [0, 2]]]);
  expect(rest).toEqual({ runs: [{ results: [1, 'a', handedOn, null] }] });
});
