import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthsOf } from './history-chart.ts';

test('a bar is never longer than its room, and nothing that is there is drawn as nothing', () => {
  const parts = fc.array(fc.nat(1_000_000), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 6, max: 80 }), fc.nat(1_000_000), (each, room, more) => {
      const sum = each.reduce((total, part) => total + part, 0);

      const lengths = lengthsOf(each, Math.max(1, sum + more), room);

      expect(lengths.reduce((total, length) => total + length, 0)).toBeLessThanOrEqual(room);
      expect(lengths.map((length) => length > 0)).toEqual(each.map((part) => part > 0));
    }),
    { numRuns: 1000 },
  );
});

test('where all fit, a column is a deployment', () => {
  expect(lengthsOf([5, 2, 1], 8, 40)).toEqual([5, 2, 1]);
});
