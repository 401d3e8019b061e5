import { describe, expect, test } from 'vitest';
import { heavyMutations } from './heavy-mutations.ts';
import { fuzzInput } from './inputs.ts';
import { materialOf } from './material.ts';
import { mutations } from './mutations.ts';
import { randomFrom } from './random.ts';

const reports = {
  json: '{\n  "name": "lint",\n  "list": [{ "id": 1, "on": true }, { "id": 2.5, "on": null }]\n}\n',
  xml: '<?xml version="1.0"?>\n<suite name="a" tests="2">\n  <case name="b"/>\n  <case name="c">text 7</case>\n</suite>\n',
  csv: 'name,count\na,1\nb,2\n',
};
const other = Buffer.from('SF:src/a.ts\nDA:1,1\nend_of_record\n');
const all = { ...mutations, ...heavyMutations };

describe.each(Object.entries(all))('%s', (_, mutation) => {
  const damaged = (seed: string): readonly (Uint8Array | null)[] =>
    Object.values(reports).map((text) => mutation(materialOf(Buffer.from(text), other), randomFrom(seed)));

  test('is the same for the same seed', () => {
    const hex = (): readonly (string | undefined)[] =>
      damaged('7').map((bytes) => bytes?.length + Buffer.from(bytes ?? []).toString('hex', 0, 5000));

    expect(hex()).toEqual(hex());
  });

  test('changes some report', () => {
    const texts = ['1', '2', '3', '4', '5', '6'].flatMap((seed) =>
      damaged(seed).map((bytes, index) => bytes !== null && !Buffer.from(Object.values(reports)[index]!).equals(bytes)),
    );

    expect(texts).toContain(true);
  });
});

test('every report is cut at every percent, and then every kind of damage has its turn', () => {
  const inputs = Array.from({ length: 6000 }, (_, number) => fuzzInput(1, 'junit', number));

  const seen = new Set(inputs.flatMap(({ mutation }) => mutation.split(' + ')));

  expect(inputs.slice(0, 100).map(({ mutation }) => mutation)).toEqual(
    Array.from({ length: 100 }, (_, percent) => `cut at ${percent} %`),
  );
  // JSON alone has members that could be prototypes.
  expect(Object.keys(all).filter((name) => !seen.has(name))).toEqual(['prototype put in', 'many members']);
});

test('an input can be made again', () => {
  const input = fuzzInput(5, 'eslint', 1234);

  expect(fuzzInput(5, 'eslint', 1234)).toEqual(input);
  expect(fuzzInput(6, 'eslint', 1234)).not.toEqual(input);
});
