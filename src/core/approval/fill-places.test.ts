import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillPlaces, type Voice } from './fill-places.ts';

const cases = fc.record({
  voices: fc.array(fc.record({ voice: fc.constantFrom('a', 'b', 'c', 'd'), person: fc.constantFrom('1', '2', '3') }), {
    maxLength: 6,
  }),
  places: fc.array(fc.uniqueArray(fc.constantFrom('1', '2', '3')), { maxLength: 4 }),
});

/** The most places that any choice of voices fills, by trying all. */
function most(voices: readonly Voice[], places: readonly (readonly string[])[]): number {
  const [place, ...rest] = places;
  if (place === undefined) return 0;
  const left = most(voices, rest);
  return voices
    .filter(({ person }) => place.includes(person))
    .reduce((best, taken) => {
      const others = voices.filter(({ voice, person }) => voice !== taken.voice && person !== taken.person);
      return Math.max(best, 1 + most(others, rest));
    }, left);
}

test('as many places are filled as trying everything fills, each by another person and another voice', () => {
  fc.assert(
    fc.property(cases, ({ voices, places }) => {
      const filled = fillPlaces(voices, places.length, (person, place) =>
        places[place]!.some((each) => each === person),
      );

      expect(filled).toHaveLength(most(voices, places));
      for (const key of ['voice', 'person', 'place'] as const)
        expect(new Set(filled.map((each) => each[key])).size).toBe(filled.length);
      for (const { voice, person, place } of filled) {
        expect(places[place]).toContain(person);
        expect(voices).toContainEqual({ voice, person });
      }
    }),
    { numRuns: 1000 },
  );
});

test('voices that stand first are preferred', () => {
  const voices = ['a', 'b', 'c'].map((voice) => ({ voice, person: voice }));

  const filled = fillPlaces(voices, 2, () => true);

  expect(filled.map(({ voice }) => voice).sort()).toEqual(['a', 'b']);
});
