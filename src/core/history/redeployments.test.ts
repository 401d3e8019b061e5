import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redeploymentsIn, type Placed } from './redeployments.ts';

/** `1 2 1`: the versions in the order of their deployment; `x` in front: it never went live, `!`: its end is known. */
function timeline(text: string): readonly Placed[] {
  return text.split(' ').map((word, at) => ({
    at,
    deployment: `d${at}`,
    version: word.replace(/[x!]/g, ''),
    live: !word.includes('x'),
    settled: word.includes('!'),
  }));
}

function shown(placed: readonly Placed[]) {
  const { rolledBack, backTo } = redeploymentsIn(placed);
  return {
    rolledBack: [...rolledBack].map(([{ deployment }, at]) => `${deployment}@${at}`).sort(),
    backTo: [...backTo].map(({ deployment }) => deployment).sort(),
  };
}

test.each([
  ['1 2 3', [], []],
  ['1 2 1', ['d1@2'], ['d2']],
  ['1 1 2', [], []],
  ['1 2 3 1', ['d2@3'], ['d3']],
  ['1 2! 1', [], ['d2']],
  ['1 x2 1', [], []],
  ['x1 2 1', [], []],
  ['1 2 x1 3', [], []],
  // Rolled forward again: version 2 came after version 1.
  ['1 2 1 2', ['d1@2'], ['d2']],
  ['1 2 1 2 1', ['d1@2', 'd3@4'], ['d2', 'd4']],
])('%s: %j were taken out by %j', (text, rolledBack, backTo) => {
  expect(shown(timeline(text))).toEqual({ rolledBack, backTo });
});

test('the order of the list does not matter, and whoever is put back was there before', () => {
  const words = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('', '', '', 'x', '!')), {
    minLength: 1,
    maxLength: 12,
  });

  fc.assert(
    fc.property(words, fc.infiniteStream(fc.nat()), (made, chance) => {
      const placed = timeline(made.map(([version, mark]) => `${mark}${version}`).join(' '));
      const shuffled = placed
        .map((each) => ({ each, key: chance.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ each }) => each);

      const found = shown(placed);

      expect(shown(shuffled)).toEqual(found);
      for (const name of found.backTo) {
        const back = placed.find(({ deployment }) => deployment === name)!;
        expect(placed.some(({ at, version, live }) => live && version === back.version && at < back.at)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
