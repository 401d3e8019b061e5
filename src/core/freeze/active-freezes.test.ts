import { expect, test } from 'vitest';
import { freezesFor } from './active-freezes.ts';
import type { FreezeRule } from './freeze.ts';

function rule(name: string, environments: readonly string[] | null, regions: readonly string[] | null): FreezeRule {
  const times = { zone: 'UTC', start: '2026-01-01T00:00', end: '2026-01-02T00:00', durationMs: null, rrule: null };
  return { name, environments, regions, reason: '', ...times };
}

const rules = [
  rule('everywhere', null, null),
  rule('production', ['production'], null),
  rule('europe', null, ['eu-west', 'eu-north']),
  rule('production in europe', ['production'], ['eu-west']),
  rule('nowhere', [], []),
];

test.each([
  ['production', null, ['everywhere', 'production', 'europe', 'production in europe']],
  ['production', 'eu-west', ['everywhere', 'production', 'europe', 'production in europe']],
  ['production', 'us-east', ['everywhere', 'production']],
  ['staging', 'eu-north', ['everywhere', 'europe']],
  ['staging', null, ['everywhere', 'europe']],
  ['Production', 'EU-WEST', ['everywhere']],
])('rules for %s in %s', (environment, region, expected) => {
  expect(freezesFor(rules, { environment, region }).map(({ name }) => name)).toEqual(expected);
});
