import { expect, test } from 'vitest';
import { classifyCommit } from './conventional-commit.ts';

test.each([
  ['feat: a', 'feature'],
  ['feat(api): a', 'feature'],
  ['FIX: a', 'fix'],
  ['perf(core)!: a', 'performance'],
  ['chore: a', 'other'],
  ['feature: a', 'other'],
  ['feat:a', 'other'],
  ['feat : a', 'other'],
  ['feat(a)(b): c', 'other'],
  ['Merge feat: a', 'other'],
  ['constructor: a', 'other'],
  ['', 'other'],
])('%j is of kind %s', (subject, kind) => {
  expect(classifyCommit(subject, '').kind).toBe(kind);
});

test.each([
  ['feat!: a', '', true],
  ['chore(api)!: a', '', true],
  ['feat: a', 'text\n\nBREAKING CHANGE: b', true],
  ['feat: a', 'BREAKING-CHANGE: b', true],
  ['a', 'BREAKING CHANGE #12', true],
  ['feat: a!', '', false],
  ['feat: a', 'breaking change: b', false],
  ['feat: a', 'no BREAKING CHANGE: b', false],
])('%j with body %j is breaking: %s', (subject, body, breaking) => {
  expect(classifyCommit(subject, body).breaking).toBe(breaking);
});
