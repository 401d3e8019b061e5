import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { jsonHead, jsonSession, objectOf, parseJson } from './json.ts';

describe('the head of a JSON text', () => {
  test.each([
    ['a whole value', '{"a": [1, {"b": 2}]}', { a: [1, { b: 2 }] }],
    ['a value cut inside a string', '{"a": 1, "b": "tex', { a: 1 }],
    ['a value cut inside a number', '[{"a": [1, 23', [{ a: [1] }]],
    ['a value cut after a key', '{"a": {"b":', { a: {} }],
    ['brackets and quotes inside strings', '{"a": "}],\\"{", "b": 1, "c": ', { a: '}],"{', b: 1 }],
    ['a second value after the first', '{"a": 1}\n{"b": 2}', { a: 1 }],
  ])('shows %s as far as it is whole', (_, text, value) => {
    const head = jsonHead(text);

    expect(head).toEqual(value);
  });

  test.each(['', ' \n', 'null', '"text"', '<html>', 'TN:', '{]', '{"a": nope}'])('is nothing for %j', (text) => {
    const head = jsonHead(text);

    expect(head).toBeUndefined();
  });

  test('survives any depth', () => {
    const head = jsonHead('['.repeat(65_536));

    expect(Array.isArray(head)).toBe(true);
  });
});

test('a value that is no object has no keys', () => {
  const keys = [null, undefined, 'a', 1, ['a']].flatMap((value) => Object.keys(objectOf(value)));

  expect(keys).toEqual([]);
});

test('a syntax error names its position and does not quote the report', () => {
  const parse = (): unknown => parseJson({ path: 'r.json' }, '{"token": "s3cret" oops}');

  expect(parse).toThrow(expect.objectContaining({ code: 'AQE2002', detail: expect.stringMatching(/position 19/) }));
  expect(parse).toThrow(expect.objectContaining({ detail: expect.not.stringMatching(/s3cret/) }));
});

test('a value of another shape is refused with its path', () => {
  const session = jsonSession({ path: 'r.json' }, z.object({ runs: z.array(z.object({ n: z.number() })) }), () => {
    throw new Error('not reached');
  });
  session.push('{"runs": [{"n": "1"}]}');

  const refusal = (): unknown => session.finish();

  expect(refusal).toThrow(expect.objectContaining({ code: 'AQE2003', detail: expect.stringMatching(/runs\.0\.n/) }));
});

test('of several shapes the one that fits furthest explains the refusal', () => {
  const shape = z.object({ via: z.union([z.string(), z.object({ source: z.object({ id: z.number() }) })]) });
  const session = jsonSession({ path: 'r.json' }, shape, () => ({ producer: { name: 'x' }, facts: [], notices: [] }));
  session.push('{"via": {"source": {"id": "7"}}}');

  const refusal = (): unknown => session.finish();

  expect(refusal).toThrow(expect.objectContaining({ detail: expect.stringMatching(/^at via\.source\.id: /) }));
});
