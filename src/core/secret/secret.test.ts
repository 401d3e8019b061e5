import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { reveal, Secret } from './secret.ts';

const value = 'correct horse';
const secret = new Secret(value);

test('a secret cannot be printed, joined or serialised', () => {
  const shown = [
    String(secret),
    `${secret}`,
    '' + secret,
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    inspect({ deep: [secret] }),
    Object.entries(secret).join(),
    Object.getOwnPropertyNames(secret).join(),
    JSON.stringify(structuredClone(secret)),
  ];

  expect(shown.join('\n')).not.toContain(value);
  expect(shown.slice(0, 5)).toEqual(['[secret]', '[secret]', '[secret]', '{"secret":"[secret]"}', '[secret]']);
});

test('an error with a secret as its cause does not show it', () => {
  const error = new Error('login failed', { cause: secret });

  expect(inspect(error)).not.toContain(value);
});

test('only reveal gives the value', () => {
  expect(reveal(secret)).toBe(value);
});
