import { expect, test } from 'vitest';
import { keptObject, keptTexts } from './kept-json.ts';

const damaged = expect.objectContaining({ code: 'AQE6002' });

test('what a row keeps comes back', () => {
  expect(keptObject('{"a":[1]}', 'assessments')).toEqual({ a: [1] });
  expect(keptTexts('["a",""]', 'requests')).toEqual(['a', '']);
});

test.each(['', 'null', '7', '"x"', '[', '[{}]', '{"a":', '__proto__', '\u001b[31m', '[['.repeat(50_000)])(
  'for %j the database is damaged, and the text is not quoted',
  (text) => {
    expect(() => keptObject(text, 'assessments')).toThrow(damaged);
    expect(() => keptTexts(text, 'requests')).toThrow(damaged);
    expect(() => keptTexts(text, 'requests')).not.toThrow(/31m|__proto__/);
  },
);
