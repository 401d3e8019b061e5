import { expect, test } from 'vitest';
import { address, at, digest, now, sanctions, word } from '../../../test/support/approvals.ts';
import { askedSince, reachedSteps } from './escalation.ts';

const hour = 3_600_000;
const escalation = [
  { after: hour, to: ['lead@example.com'] },
  { after: 3 * hour, to: ['cto@example.com'] },
];
const request = (createdAt: string, over: object = {}) => ({
  decisionDigest: digest,
  createdAt,
  expiresAt: at(20),
  ...over,
});

test('a release waits since the first request of this decision that still holds', () => {
  const since = askedSince(
    [
      request(at(-9), { expiresAt: now }),
      request(at(-8), { decisionDigest: 'e'.repeat(64) }),
      request(at(-1)),
      request(at(-2)),
    ],
    digest,
    now,
  );

  expect(since).toBe(at(-2));
  expect(askedSince([], digest, now)).toBeNull();
});

test.each([
  ['none before its time', at(-0.99), []],
  ['the first at its time', at(-1), ['lead@example.com']],
  ['all when all are over', at(-3), ['lead@example.com', 'cto@example.com']],
  ['none while nobody asked', null, []],
])('steps are reached: %s', (_, since, reached) => {
  const steps = reachedSteps({ escalation }, sanctions([]), since, now);

  expect(steps.flatMap(({ to }) => to)).toEqual(reached);
});

test('nothing is escalated once everything is given', () => {
  const given = sanctions([word({ from: 'cyd' }), word({ from: 'dan' })]);

  expect(given.requirements.flatMap(({ agreed }) => agreed.map(({ person }) => person))).toContain(address('cyd'));
  expect(reachedSteps({ escalation }, given, at(-9), now)).toEqual([]);
});
