import fc from 'fast-check';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import type { DocumentValue } from '../../core/rollout/plan-document.ts';
import { rollbackPlanMarkdown } from './rollback-plan-markdown.ts';
import { rollbackPlanYaml } from './rollback-plan-yaml.ts';

const controls = ['\n', '\r', '\t', '\u0085', '\u2028', '\ufeff', '\u202e', '\u200b', '\u{e0001}', '\u001b[2J', ' '];
const marks = [
  '\\',
  '"',
  "'",
  ': ',
  ' #',
  '- ',
  '&a',
  '*a',
  '!!js',
  '|',
  '>',
  '%',
  '---',
  '...',
  '{{',
  '<script>',
  '|x|',
];
const looksLikeMore = ['no', '<<', '1_0', '0o7', '12:30:00', '.nan', '~', 'é', '😀'];
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(fc.constantFrom(...controls, ...marks, ...looksLikeMore), { maxLength: 6 }).map((parts) => parts.join('')),
);
const { page } = fc.letrec<{ page: DocumentValue }>((tie) => ({
  page: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    hostile,
    fc.boolean(),
    fc.array(tie('page'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b_c', 'steps', 'file'), tie('page'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('what is written reads back as the same, in both versions of YAML', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('x', 'y', 'z'), page, { noNullPrototype: true }), (plan) => {
      const text = rollbackPlanYaml(plan);

      expect(parse(text)).toEqual({ rollback_plan: plan });
      expect(parse(text, { version: '1.1', merge: false })).toEqual({ rollback_plan: plan });
    }),
    { numRuns: 1000 },
  );
});

test('nothing that a terminal would obey or show in another order is written as it is', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const written of [rollbackPlanYaml({ a: text, b: [text] }), rollbackPlanMarkdown({ a: text, b: [text] })])
        expect(written).not.toMatch(/[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029\u200b\ufeff]/u);
    }),
    { numRuns: 500 },
  );
});

test('a name cannot begin a heading, a link or a tag of the page', () => {
  const text = rollbackPlanMarkdown({
    deployment_id: '<b>v1</b>',
    service: '[x](http://a)',
    b: [{ file: '# x\n## y' }],
  });

  expect(text).toBe(
    '# Rollback plan: \\[x\\](http&#58;//a) &lt;b&gt;v1&lt;/b&gt;\n\n- **Service:** \\[x\\](http&#58;//a)\n\n## B\n\n1. **File:** \\# x\\\\u{a}## y\n',
  );
});
