import { describe, expect, test } from 'vitest';
import type { Predicted } from './predicted-in-turn.ts';
import { runningRecord } from './running-record.ts';

/** Every fourth release fails; `right` is how much of the way to what came a forecast goes from a quarter. */
function predicted(index: number, right: { readonly regression: number; readonly average: number | null }): Predicted {
  const failed = index % 4 === 0 ? 1 : 0;
  const toward = (share: number) => 0.25 + share * (failed - 0.25);
  const trial = { deployment: `d${index}`, version: '', deployedAt: '', at: index, outcome: failed ? 'failed' : 'success', failed, features: {} } as const; // prettier-ignore
  return {
    trial,
    regression: toward(right.regression),
    average: right.average === null ? null : toward(right.average),
    baseRate: 0.25,
    rolledBackShare: 0.5,
    known: index,
  };
}

function recordAfter(releases: number, right: Parameters<typeof predicted>[1]) {
  const record = runningRecord();
  for (let index = 0; index < releases; index += 1) record.add(predicted(index, right));
  return record;
}

describe('the model of a time is', () => {
  const next = predicted(0, { regression: 0.1, average: 0.2 });

  test('the regression before 200 releases were predicted by both', () => {
    expect(recordAfter(199, { regression: 0.1, average: 0.2 }).model(next)).toBe(next.regression);
    expect(recordAfter(400, { regression: 0.1, average: null }).model(next)).toBe(next.regression);
  });

  test('the average from then on, where its log-loss was lower', () => {
    expect(recordAfter(200, { regression: 0.1, average: 0.2 }).model(next)).toBe(next.average);
    expect(recordAfter(200, { regression: 0.2, average: 0.1 }).model(next)).toBe(next.regression);
    expect(recordAfter(200, { regression: 0.1, average: 0.1 }).model(next)).toBe(next.regression);
  });

  test('the regression where there are no trees for a release', () => {
    const none = predicted(0, { regression: 0.1, average: null });

    expect(recordAfter(200, { regression: 0.1, average: 0.2 }).model(none)).toBe(none.regression);
  });
});

describe('what is shown is', () => {
  test('the average where it beat the base rate, also where the regression did not', () => {
    const next = predicted(0, { regression: -0.1, average: 0.2 });

    expect(recordAfter(200, { regression: -0.1, average: 0.2 }).shown(next)).toBe(next.average);
  });

  test('the base rate where the better of both did not beat it', () => {
    const next = predicted(0, { regression: -0.2, average: -0.1 });
    const record = recordAfter(200, { regression: -0.2, average: -0.1 });

    expect(record.model(next)).toBe(next.average);
    expect(record.shown(next)).toBe(next.baseRate);
  });
});
