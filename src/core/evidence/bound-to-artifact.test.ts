import { expect, test } from 'vitest';
import { record } from '../../../test/support/arbitraries.ts';
import { boundToArtifact } from './bound-to-artifact.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const measured = record('reports/a.xml', []);

test('evidence stamped for another artifact is stale and says which', () => {
  const [bound] = boundToArtifact([{ ...measured, artifact: other }], digest);

  expect(bound).toMatchObject({
    state: 'stale',
    reason: `stamped for the artifact ${other}, the release is ${digest}`,
  });
});

test.each([
  ['of the artifact', { artifact: digest }, digest],
  ['of no artifact', { artifact: null }, digest],
  ['of an artifact, where none is asked for', { artifact: other }, null],
])('evidence %s counts', (_, of, asked) => {
  expect(boundToArtifact([{ ...measured, ...of }], asked)).toEqual([{ ...measured, ...of }]);
});
