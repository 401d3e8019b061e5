import { expect, test } from 'vitest';
import { parseXPath } from './xpath.ts';

test('a path is steps down and what is taken at the end', () => {
  expect(parseXPath(` /a//b[@x][@y='1']/*[@z!="2"]/@c `)).toEqual({
    steps: [
      { axis: 'child', name: 'a', tests: [] },
      {
        axis: 'descendant',
        name: 'b',
        tests: [
          { attribute: 'x', is: 'there', value: '' },
          { attribute: 'y', is: '=', value: '1' },
        ],
      },
      { axis: 'child', name: null, tests: [{ attribute: 'z', is: '!=', value: '2' }] },
    ],
    target: { attribute: 'c' },
  });
  expect(parseXPath('//text()')).toEqual({ steps: [{ axis: 'descendant', name: null, tests: [] }], target: 'text' });
});

test.each([
  ['a/b', 'a path starts with / or //'],
  ['', 'a path starts with / or //'],
  ['/a/', 'it ends in a slash'],
  ['/', 'it ends in a slash'],
  ['/@a', 'a document itself has neither attributes nor text'],
  ['/a/@', 'the name of an attribute is expected behind /a/@'],
  ['/a/@b/c', 'nothing may follow /a/@b'],
  ['/a/text()[1]', 'nothing may follow /a/text()'],
  ['/a[1]', `of conditions [@x], [@x='y'] and [@x!='y'] are known, not [1]`],
  ['/a[b=1]', `of conditions [@x], [@x='y'] and [@x!='y'] are known, not [b=1]`],
  ['/a/../b', '../b is not understood'],
  ['/a/parent::b', 'functions and axes such as parent::b are not known, text() at the end is'],
  ['/a/sum(b)', 'functions and axes such as sum(b) are not known, text() at the end is'],
  ['/a'.repeat(31), 'it has more than 30 steps'],
])('%j is refused: %s', (path, reason) => {
  expect(() => parseXPath(path)).toThrow(new SyntaxError(reason));
});
