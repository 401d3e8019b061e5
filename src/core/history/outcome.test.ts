import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deploymentsOf, hasFailed, outcomeStates, type OutcomeStatement } from './outcome.ts';

function statement(over: Partial<OutcomeStatement> = {}): OutcomeStatement {
  return {
    id: 's1',
    service: 'shop',
    version: 'v1.0.0',
    environment: 'production',
    deployment: 'v1.0.0',
    outcome: 'success',
    deployedAt: '2026-01-01T10:00:00.000Z',
    basis: 'observed',
    source: 'recorded',
    reason: '',
    createdAt: '2026-01-01T11:00:00.000Z',
    facts: {},
    ...over,
  };
}

test('the newest statement about a deployment counts, and the first is not lost', () => {
  const first = statement({ facts: { commit: 'abc', features: { change_size: 12 } } });
  const second = statement({
    id: 's2',
    outcome: 'rolled-back',
    createdAt: '2026-01-02T11:00:00.000Z',
    facts: { recoveredAt: '2026-01-01T12:00:00.000Z' },
  });

  const [deployment, ...others] = deploymentsOf([first, second]);

  expect(others).toEqual([]);
  expect(deployment).toMatchObject({ id: 's2', outcome: 'rolled-back', statements: [first, second] });
  expect(deployment?.facts).toEqual({
    commit: 'abc',
    features: { change_size: 12 },
    recoveredAt: '2026-01-01T12:00:00.000Z',
  });
});

test('of two statements of one instant the later in the list counts', () => {
  const [deployment] = deploymentsOf([statement({ outcome: 'failed' }), statement({ id: 's2', outcome: 'success' })]);

  expect(deployment?.outcome).toBe('success');
});

test('what is pending has neither failed nor succeeded', () => {
  expect(outcomeStates.map((outcome) => hasFailed({ outcome }))).toEqual([false, true, true, true, null]);
});

test('deployments come in the order of time, whatever the order of the statements', () => {
  const days = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 12 });
  fc.assert(
    fc.property(days, fc.infiniteStream(fc.nat()), (pairs, keys) => {
      const statements = pairs.map(([day, name], index) =>
        statement({
          id: `s${index}`,
          deployment: `d${name}`,
          deployedAt: `2026-01-0${day + 1}T00:00:00.000Z`,
          createdAt: `2026-02-01T00:00:${String(index).padStart(2, '0')}.000Z`,
        }),
      );
      const shuffled = statements
        .map((each) => ({ each, key: keys.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ each }) => each);

      const found = deploymentsOf(shuffled);

      expect(found.map(({ id }) => id)).toEqual(deploymentsOf(statements).map(({ id }) => id));
      expect(found.map(({ deployedAt }) => deployedAt)).toEqual(found.map(({ deployedAt }) => deployedAt).toSorted());
      expect(found.flatMap(({ statements: said }) => said)).toHaveLength(statements.length);
    }),
    { numRuns: 200 },
  );
});
