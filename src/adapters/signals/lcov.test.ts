import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixturesOf, present, readAll } from '../../../test/support/reader-fixtures.ts';
import { lcov } from './lcov.ts';

const tracefile = fixturesOf('lcov').find((fixture) => fixture.name === 'geninfo')!.text;

test('a tracefile cut within a record is refused wherever the cut is', () => {
  const complete = [...tracefile.matchAll(/end_of_record\n?/g)].map((match) => match.index + match[0].trimEnd().length);
  const read = (length: number): unknown => readAll(lcov, 'lcov.info', tracefile.slice(0, length));

  const accepted = Array.from(tracefile, (_, index) => index).filter((length) => 'facts' in (read(length) as object));

  // What is left after a whole number of records is a tracefile: nothing in the format tells how many there should be.
  const whole = accepted.filter((length) =>
    complete.some((end) => length - end >= 0 && length - end <= 'TN:\nTN:'.length),
  );
  expect(accepted).toEqual(whole);
  expect(accepted.length).toBeGreaterThan(0);
});

test('the same lines are read however the text is cut into pieces', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
      const pieces = readAll(lcov, 'lcov.info', tracefile, size);

      expect(present(pieces)).toBe(present(readAll(lcov, 'lcov.info', tracefile)));
    }),
  );
});

test('reading a tracefile twice over gives the coverage of reading it once', () => {
  const once = readAll(lcov, 'lcov.info', tracefile);

  const twice = readAll(lcov, 'lcov.info', tracefile + tracefile);

  expect(present(twice)).toBe(present(once));
});

test('a line without end is refused before it fills the memory', () => {
  const session = lcov.open({ path: 'lcov.info' });
  const push = (): void => {
    for (let megabytes = 0; megabytes < 64; megabytes += 1) session.push('x'.repeat(1024 * 1024));
  };

  expect(push).toThrow(expect.objectContaining({ code: 'AQE2005' }));
});

test('line numbers that would fill the memory are refused', () => {
  const session = lcov.open({ path: 'lcov.info' });
  const push = (): void => {
    for (let file = 0; file < 1000; file += 1) session.push(`SF:${file}\nDA:16777215,1\nend_of_record\n`);
  };

  expect(push).toThrow(expect.objectContaining({ code: 'AQE2005' }));
});
