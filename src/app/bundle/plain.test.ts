import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromPlain, toPlain } from './plain.ts';

const key = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('@map', '@object', '@', 'constructor'));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1.5, ''),
    fc.string({ maxLength: 5 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  ),
}));

test('what a port answers comes back from JSON as it was, maps and names like our marks among it', () => {
  fc.assert(
    fc.property(value, (answer) => {
      expect(fromPlain(JSON.parse(JSON.stringify(toPlain(answer))))).toEqual(answer);
    }),
    { numRuns: 500 },
  );
});

test('what is no data is no answer', () => {
  for (const each of [() => 1, Number.NaN, Number.POSITIVE_INFINITY, new Date(0), Symbol('x'), 1n, new Set()])
    expect(() => toPlain({ each })).toThrow(TypeError);
});

test('a broken map is no map', () => {
  for (const each of [1, 'a', null, [1], [[1]], [[1, 2, 3]], {}]) {
    expect(() => fromPlain({ '@map': each })).toThrow(TypeError);
    expect(() => fromPlain([{ '@object': each }])).toThrow(TypeError);
  }
});
