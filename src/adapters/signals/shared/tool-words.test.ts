import { expect, test } from 'vitest';
import { toolWords } from './tool-words.ts';

test('what a tool says of its failure is told without the password in an address', () => {
  expect(toolWords('GET https://ci:secret@registry.example/kettle failed')).toBe(
    'GET https://registry.example/kettle failed',
  );
  expect(toolWords('mail to ops@cafe.example')).toBe('mail to ops@cafe.example');
  expect(toolWords('x'.repeat(900))).toHaveLength(202);
});

test('a failure without words has no reason', () => {
  expect(toolWords(undefined)).toBe('no reason given');
  expect(toolWords(' \n')).toBe('no reason given');
});
