import { effectiveConfig } from '../../src/config/effective-config.ts';
import { policyFrom } from '../../src/config/policy-from.ts';
import { criterionKeys, criterionKinds } from '../../src/core/gate/criteria.ts';
import { dimensionTitles, type RiskDimension, type RiskGroup } from '../../src/core/risk/model.ts';
import { number } from '../../src/core/signal/format.ts';
import { metricIds, metricOf, type MetricId, type Unit } from '../../src/core/signal/metrics.ts';
import { code, page, table, text } from './page.ts';

const units: Readonly<Record<Unit, string>> = {
  '%': 'percent, 0–100',
  score: 'score, 0–100',
  ms: 'milliseconds',
  rps: 'requests a second',
  count: 'a count',
  grade: 'A to E (1 to 5)',
  cvss: 'CVSS base score, 0–10',
  lines: 'lines',
  hours: 'hours',
  'yes-no': 'yes (1) or no (0)',
  'per-function': 'mean per function',
};

export function metricsPage(): string {
  const { risk } = policyFrom(effectiveConfig({}), 'service');
  return page(
    'Metrics',
    'src/core/signal/metrics.ts, src/core/gate/criteria.ts and src/core/risk/model.ts',
    'Every metric that gates, risk and checklist know. A metric that nothing measured is missing: it opens no BLOCKING gate, and ' +
      'the risk score is charged its prior and shown with the interval that it could lie in.',
    table(
      ['metric', 'id', 'unit', 'better', 'answered by', 'gate keys'],
      metricIds.map((id) => {
        const { title, unit, better, answeredBy } = metricOf(id);
        return [text(title), code(id), units[unit], better, text(answeredBy), gateKeys(id)];
      }),
    ),
    '## Risk model',
    'The default model, under the default gates. Weights of the dimensions sum to 1, and so do the shares in a dimension. Of the ' +
      'metrics in one group only the worst counts. A curve gives the risk at a value of the metric; between its knots it is ' +
      'straight, beyond the first and the last it is flat. Coverage and performance curves hang on the thresholds of your gates. ' +
      '`risk:` in the config changes weights, curves and priors.',
    table(
      ['dimension', 'weight'],
      risk.map(({ dimension, weight }) => [text(dimensionTitles[dimension]), String(weight)]),
    ),
    ...risk.flatMap(dimensionSection),
  );
}

function gateKeys(metric: MetricId): string {
  return criterionKeys
    .filter((key) => criterionKinds[key].metric === metric)
    .map((key) => code(key))
    .join(', ');
}

function dimensionSection({ dimension, weight, groups }: RiskDimension): readonly string[] {
  return [
    `### ${text(dimensionTitles[dimension])}`,
    table(
      ['group', 'share', 'most points', 'metric', 'curve (value → risk)', 'prior'],
      groups.flatMap((group) => groupRows(group, weight)),
    ),
  ];
}

function groupRows({ name, weight, metrics }: RiskGroup, dimensionWeight: number): readonly (readonly string[])[] {
  return metrics.map(({ metric, curve, prior }, index) => [
    ...(index === 0 ? [text(name), String(weight), number(100 * weight * dimensionWeight, 2)] : ['', '', '']),
    code(metric),
    curve.map(([value, risk]) => `${number(value, 2)} → ${number(risk, 2)}`).join(', '),
    String(prior),
  ]);
}
