import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableAfter } from '../../../test/support/markdown.ts';
import { enforceGates } from '../gate/enforce.ts';
import { defaultPolicy } from '../../../test/support/arbitraries.ts';
import { decide } from '../decision/decide.ts';
import { grades, metricIds, type MetricId } from '../signal/metrics.ts';
import type { MetricResult, SignalSet } from '../signal/signal.ts';
import { assessRisk } from './assess-risk.ts';
import { riskModel } from './model.ts';

const page = readFileSync(new URL('../../../docs/explain/risk.md', import.meta.url), 'utf8');
const model = riskModel([]);
const example = tableAfter(page, 'Worked example');
const rows = example.filter((row) => row['Metric'] !== '**Sum**');
const sum = example.find((row) => row['Metric'] === '**Sum**');
const assessed = assessRisk(model, signalsOf(rows));

describe('docs/explain/risk.md', () => {
  test('shows every curve, share and weight of the default model', () => {
    const shown = tableAfter(page, 'Dimensions, groups and curves');

    const expected = model.flatMap(({ dimension, weight, groups }) =>
      groups.flatMap((group) =>
        group.metrics.map(({ metric, curve }) => ({
          Dimension: dimension,
          Weight: String(weight),
          Group: group.name,
          Share: String(group.weight),
          Metric: metric,
          Knots: curve.map(([value, risk]) => `${value}→${risk}`).join(', '),
        })),
      ),
    );

    expect(shown).toEqual(expected);
  });

  test('gives each metric of the worked example the risk and points that the code computes', () => {
    const shown = rows.map((row) => pick(row, ['Metric', 'Risk', 'Points', 'Best', 'Worst']));

    const computed = assessed.contributions.map((entry) => ({
      Metric: entry.metric,
      Risk: exact(entry.risk),
      Points: exact(entry.points),
      Best: exact(entry.bestPoints),
      Worst: exact(entry.worstPoints),
    }));

    expect(computed).toEqual(shown);
  });

  test('ends in the score, the interval and the levels that the code computes', () => {
    const { overallRisk, interval, level, worstLevel } = assessed;

    const computed = [exact(overallRisk), exact(interval.best), exact(interval.worst)];

    expect(computed).toEqual([sum?.['Points'], sum?.['Best'], sum?.['Worst']]);
    expect(page).toContain(`The point value is ${sum?.['Points']}: ${level}.`);
    expect(page).toContain(`The worst case is ${sum?.['Worst']}: ${worstLevel}.`);
  });

  test('ends in the verdict that the code gives when every gate is open', () => {
    const signals = signalsOf(rows);

    const verdict = decide({
      gates: enforceGates([]),
      risk: assessed,
      signals,
      mode: 'enforce',
      approvals: defaultPolicy.approvals,
      onPolicyChange: 'approval',
      policyChange: null,
    });

    expect(page.replace(/\s+/g, ' ')).toContain(`still the verdict is ${verdict.status}`);
  });

  test('states how much the metrics that nothing can measure yet add', () => {
    const open = assessed.interval.worst - assessed.interval.best;
    const charged = assessed.overallRisk - assessed.interval.best;

    expect(page).toContain(
      `they add ${charged.toFixed(2)} points to the point value and ${open.toFixed(1)} to the worst`,
    );
  });
});

function signalsOf(table: readonly Readonly<Record<string, string>>[]): SignalSet {
  const missing = (metric: MetricId): MetricResult => ({ metric, state: 'missing', reason: '', sources: [] });
  const results = Object.fromEntries(metricIds.map((metric) => [metric, missing(metric)]));
  for (const { Metric: name, Value: text = '' } of table) {
    const metric = metricIds.find((id) => id === name);
    if (metric === undefined) throw new Error(`${name} is no metric`);
    if (text === 'missing') continue;
    const grade = grades.findIndex((each) => each === text);
    const value = grade >= 0 ? grade + 1 : Number.parseFloat(text.replaceAll(',', ''));
    results[metric] = {
      metric,
      state: 'measured',
      signal: { metric, value, exact: null, bound: 'exact', sources: [], basis: '' },
    };
  }
  return results as SignalSet;
}

/** The shortest text of the number, without what floating point adds beyond nine decimals. */
function exact(value: number): string {
  return String(Number(value.toFixed(9)));
}

function pick(row: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(keys.map((key) => [key, row[key]]));
}
