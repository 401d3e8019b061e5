import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedFolders, changeEntropy, wholeDays, type ChangedFile } from './change-metrics.ts';

const file = (added: number, path = 'a'): ChangedFile => ({ path, added, deleted: 0, binary: false });

test('entropy is 0 for one file, 1 for an even spread and in between otherwise', () => {
  const entropies = [[], [5], [5, 5], [1, 3], [7, 7, 7], [3, 0]].map((sizes) =>
    changeEntropy(sizes.map((size) => file(size))),
  );

  // 1 and 3 of 4 lines: −(1/4·log2(1/4) + 3/4·log2(3/4)) = 0.811278.
  expect(entropies).toEqual([0, 0, 1, expect.closeTo(0.811278, 6), expect.closeTo(1, 12), 0]);
});

test('entropy stays within 0 and 1 and does not depend on the order of the files', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { maxLength: 30 }), (sizes) => {
      const entropy = changeEntropy(sizes.map((size) => file(size)));
      const reversed = changeEntropy(sizes.toReversed().map((size) => file(size)));

      expect(entropy).toBeGreaterThanOrEqual(0);
      expect(entropy).toBeLessThanOrEqual(1);
      expect(reversed).toBeCloseTo(entropy, 10);
    }),
  );
});

test('a renamed file changes the folder it left and the folder it came to', () => {
  const folders = changedFolders([file(1, 'README'), { ...file(0, 'new/b/c'), from: 'old/c' }]);

  expect([...folders]).toEqual(['.', 'new/b', 'old']);
});

test('days are whole and never negative', () => {
  const days = ['2026-01-02T23:59:59Z', '2026-01-03T00:00:00Z', '2025-12-01T00:00:00Z'].map((to) =>
    wholeDays('2026-01-01T00:00:00Z', to),
  );

  expect(days).toEqual([1, 2, 0]);
});
