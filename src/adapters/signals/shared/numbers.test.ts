import { expect, test } from 'vitest';
import { isHit, seconds, wholeNumber } from './numbers.ts';

test.each([
  ['0', 0],
  [' 12 ', 12],
  ['999999999999', 999_999_999_999],
])('%j is a whole number', (text, expected) => {
  const value = wholeNumber(text, 'tests', 'report.xml');

  expect(value).toBe(expected);
});

test.each(['', '-1', '1.0', '1e9', 'NaN', '0x10', '1234567890123'])('%j is no whole number', (text) => {
  const read = (): number => wholeNumber(text, 'tests', 'report.xml', 3);

  expect(read).toThrow(expect.objectContaining({ code: 'AQE2003', context: { path: 'report.xml', line: 3 } }));
});

test.each([
  ['0', false],
  ['000', false],
  ['0.0', false],
  ['0e5', false],
  ['10', true],
  ['18446744073709551616', true],
  ['1.8446744073709552e+19', true],
  ['0.5', true],
])('%j hits executed: %s', (text, expected) => {
  const hit = isHit(text, 'hits', 'report.xml');

  expect(hit).toBe(expected);
});

test.each(['', '-1', 'NaN', 'Infinity', '1,2', '=====', '1e-5'])('%j is no hit count', (text) => {
  const read = (): boolean => isHit(text, 'hits', 'report.xml');

  expect(read).toThrow(expect.objectContaining({ code: 'AQE2003' }));
});

test.each([
  ['1.5', 1.5],
  ['0.', 0],
  ['1e-3', 0.001],
  ['1,234', 1234],
  ['1,234,567.5', 1_234_567.5],
  ['1.234,5', 1234.5],
  ['0,250', 0.25],
  ['12,5', 12.5],
  [undefined, null],
  ['', null],
  ['-3', null],
  ['NaN', null],
  ['Infinity', null],
  ['1,2,3', null],
])('%j is %s seconds', (text, expected) => {
  const value = seconds(text);

  expect(value).toBe(expected);
});
