import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { inline, markdownText, short } from './encode.ts';

/** Any text, with many of the characters that do harm. */
const controls = '\u0000 \u0007 \u001b[31m \r \n \t \u007f \u0085 \u009b \u2028 \u2029 \ud800 \udc00'.split(' ');
const unseen =
  '\u00ad \u034f \u061c \u115f \u180e \u200b \u200d \u202e \u2066 \u3164 \ufeff \ufff9 \u{e0041} \u{e0101}'.split(' ');
const markup = '| \\ ` * _ < > & @ :// www. ]( ! 1. #'.split(' ');
const harmful = fc.constantFrom(...controls, ...unseen, ...markup);
const text = fc
  .array(
    fc.oneof(
      harmful.chain((all) => fc.constantFrom(...all)),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
/** Shows nothing; the selectors of emoji are let through. */
const invisible = /[[\p{Default_Ignorable_Code_Point}]--[\ufe00-\ufe0f]]/v;

test('no control, bidirectional or invisible character survives in a line', () => {
  fc.assert(
    fc.property(text, (any) => {
      const line = inline(any);

      expect(line).not.toMatch(control);
      expect(line).not.toMatch(invisible);
      expect(line.isWellFormed()).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a line that is safe already stays as it is', () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(inline(inline(any))).toBe(inline(any));
    }),
    runs,
  );
  expect(inline('Größe ≤ 3 — naïve 日本語 ❤️')).toBe('Größe ≤ 3 — naïve 日本語 ❤️');
});

test('each character that is taken out is spelled as its code point', () => {
  expect(inline('a\u001b[31mb\u202ec\n')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{a}');
});

test('a shortened line has at most that many characters and tells that it was cut', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 50 }), (any, limit) => {
      const whole = [...inline(any)];

      const cut = [...short(any, limit)];

      expect(cut.length).toBeLessThanOrEqual(limit);
      if (whole.length <= limit) expect(cut).toEqual(whole);
      else expect(cut).toEqual([...whole.slice(0, limit - 1), '…']);
      expect(short(short(any, limit), limit)).toBe(short(any, limit));
    }),
    runs,
  );
});

test('a table cell never gets a bare pipe, a line break or markup', () => {
  fc.assert(
    fc.property(text, (any) => {
      const cell = markdownText(any);

      // An escaped character is a backslash and the character: what is left must hold none that means something.
      const bare = cell.replace(/\\[\\`*_[\]#+|~$=.)-]/g, '§').replace(/&(?:amp|lt|gt|#64|#58|#46);/g, '');
      expect(bare).not.toMatch(/[\\`*[\]|~$<>@&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/);
      // A number makes a list only with white space behind its point.
      expect(cell).not.toMatch(/^\s*(?:[-+#=]|\d+[.)](?=\s|$))/);
      expect(bare).not.toMatch(/:\/\/|www\./i);
      expect(cell).not.toMatch(control);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['a|b', 'a\\|b'],
  ['<b>&', '&lt;b&gt;&amp;'],
  ['[x](y)', '\\[x\\](y)'],
  ['business_approval is _not_ code-quality', 'business_approval is \\_not\\_ code-quality'],
  ['- item', '\\- item'],
  ['# heading', '\\# heading'],
  ['@team', '&#64;team'],
  ['https://a.example', 'https&#58;//a.example'],
  ['www.a.example', 'www&#46;a.example'],
  ['_www.a.example', '\\_www&#46;a.example'],
  ['1. item', '1\\. item'],
  ['line\nbreak', 'line\\\\u{a}break'],
])('%j is written %j in markdown', (any, written) => {
  expect(markdownText(any)).toBe(written);
});
