import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../../test/support/arbitraries.ts';
import { jsonMembersSession } from './json-members.ts';

function membersOf(text: string, size = text.length || 1): [string, unknown][] {
  const members: [string, unknown][] = [];
  const session = jsonMembersSession(
    { path: 'report.json' },
    {
      member: (key, value) => members.push([key, value]),
      finish: () => ({ producer: { name: 'test' }, facts: [], notices: [] }),
    },
  );
  for (let at = 0; at < text.length; at += size) session.push(text.slice(at, at + size));
  session.finish();
  return members;
}

const json = fc.jsonValue({ maxDepth: 4 });

test('members are those that JSON.parse finds, however the text is cut and indented', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string(), json), { maxLength: 6 }),
      fc.nat(3),
      fc.integer({ min: 1, max: 9 }),
      (members, indent, size) => {
        const object = `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value, null, indent)}`).join(' ,\n')}}`;

        const found = membersOf(object, size);

        expect(found).toEqual(members.map(([key, value]) => [key, JSON.parse(JSON.stringify(value)) as unknown]));
      },
    ),
    runs,
  );
});

test('braces, quotes and backslashes within strings end nothing', () => {
  const text = String.raw`{"a}\"{": "\\", "b": ["}", {"c\\": "\"]"}], "d": -1.5e3, "e": null}`;

  for (let size = 1; size < 8; size += 1)
    expect(membersOf(text, size)).toEqual([
      ['a}"{', '\\'],
      ['b', ['}', { 'c\\': '"]' }]],
      ['d', -1500],
      ['e', null],
    ]);
});

test('__proto__ is a key like any other, and a key may come twice', () => {
  expect(membersOf('{"__proto__": 1, "__proto__": 2}')).toEqual([
    ['__proto__', 1],
    ['__proto__', 2],
  ]);
});

test.each([
  ['AQE2001', ' \n'],
  ['AQE2002', '{"a": 1'],
  ['AQE2002', '{"a": 1}}'],
  ['AQE2002', '{"a": 1,}'],
  ['AQE2002', '{"a" 1}'],
  ['AQE2002', '{"a": }'],
  ['AQE2002', '{"a": [1}}'],
  ['AQE2002', '{"a": 1 "b": 2}'],
  ['AQE2002', '{"a": tru}'],
  ['AQE2002', '{a: 1}'],
  ['AQE2002', '{"a": "\n"}'],
  ['AQE2002', '{"a": 1}{"b": 2}'],
  ['AQE2002', '<html>'],
  ['AQE2003', '[{"a": 1}]'],
  ['AQE2003', '"a"'],
  ['AQE2005', `{"a": ${'['.repeat(600)}`],
])('refuses with %s: %s', (code, text) => {
  expect(() => membersOf(text)).toThrow(expect.objectContaining({ code }));
});
