import { describe, expect, test } from 'vitest';
import type { Forecast } from '../prediction/walk-forward.ts';
import { recordOf } from './forecasts.ts';

const forecast = (index: number, over: Partial<Forecast> = {}): Forecast => ({
  version: `v${index}`,
  deployment: `d${index}`,
  deployedAt: `2026-03-${String(index + 1).padStart(2, '0')}T10:00:00.000Z`,
  outcome: index < 3 ? 'hotfixed' : 'success',
  probability: index < 3 ? 0.9 : 0.1,
  baseRate: 0.3,
  rollbackProbability: 0.1,
  shown: 0.5,
  known: index,
  ...over,
});
const ten = Array.from({ length: 10 }, (_, index) => forecast(index));

describe('ten forecasts', () => {
  test('are measured for the model, for what was shown and for the base rate, each by its own numbers', () => {
    const { n, failures, from, to, notEnough, model, shown, baseRate } = recordOf(ten, 4);

    expect({ n, failures, from, to, notEnough }).toEqual({
      n: 10,
      failures: 3,
      from: '2026-03-01T10:00:00.000Z',
      to: '2026-03-10T10:00:00.000Z',
      notEnough: null,
    });
    expect(model.brier.value).toBeCloseTo(0.01, 12);
    expect(shown.brier.value).toBeCloseTo(0.25, 12);
    // Three times .49 and seven times .09.
    expect(baseRate.brier.value).toBeCloseTo(0.21, 12);
    expect(model.brierSkill.skill.value).toBeCloseTo(1 - 0.01 / 0.21, 12);
    expect(shown.brierSkill.skill.value).toBeCloseTo(1 - 0.25 / 0.21, 12);
    expect([model, shown, baseRate].map(({ auc }) => auc.value)).toEqual([1, 0.5, 0.5]);
  });

  test('that were sure and wrong have finite figures', () => {
    const sure = ten.map((each) => ({ ...each, probability: each.outcome === 'success' ? 1 : 0 }));

    const { model } = recordOf(sure, 4);

    expect(model.brier.value).toBe(1);
    expect(model.logLoss.value).toBeCloseTo(-Math.log(1e-15), 1);
    expect(model.auc.value).toBe(0);
  });

  test('in another order are the same record', () => {
    const record = recordOf(ten, 4);

    const reversed = recordOf(ten.toReversed(), 4);

    expect(reversed.from).toBe(record.from);
    expect(reversed.model.verdicts).toEqual(record.model.verdicts);
    expect(reversed.model.brier.value).toBeCloseTo(record.model.brier.value!, 12);
  });
});
