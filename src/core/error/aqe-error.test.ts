import { expect, test } from 'vitest';
import { AqeError } from './aqe-error.ts';
import { catalog, type ErrorCode } from './catalog.ts';

test('an error tells title and detail, and carries code, context, exit and hint', () => {
  const cause = new Error('EACCES');

  const error = new AqeError('AQE1005', 'no permission', { path: 'a.yaml', line: 3 }, cause);

  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'AqeError',
    message: 'Config file cannot be read: no permission',
    code: 'AQE1005',
    detail: 'no permission',
    context: { path: 'a.yaml', line: 3 },
    exit: 2,
    hint: 'Check the path and its permissions.',
    cause,
  });
});

test('without a cause an error has none', () => {
  expect(Object.hasOwn(new AqeError('AQE1005', 'gone'), 'cause')).toBe(false);
});

test.each(Object.keys(catalog) as ErrorCode[])(
  '%s says what happened, what to do next, and ends in no success',
  (code) => {
    const { title, hint, exit } = catalog[code];

    expect(code).toMatch(/^AQE[1-8]\d{3}$/);
    expect(title).toMatch(/^[A-Z][^.]*$/);
    expect(hint).toMatch(/^[A-Z].*\.$/s);
    expect([2, 3]).toContain(exit);
  },
);

test('only what is wrong with evidence ends in "not enough evidence"', () => {
  const inconclusive = Object.entries(catalog).filter(([, { exit }]) => exit === 3);

  expect(inconclusive.filter(([code]) => !code.startsWith('AQE2'))).toEqual([]);
});

test('no two errors have one title', () => {
  const titles = Object.values(catalog).map(({ title }) => title);

  expect(new Set(titles).size).toBe(titles.length);
});
