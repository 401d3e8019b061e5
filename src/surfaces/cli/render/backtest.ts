import type { Backtest, BacktestCounts } from '../../../app/backtest.ts';
import type { Figure } from '../../../core/backtest/figure.ts';
import { forecasters, type Forecaster, type ForecastRecord } from '../../../core/backtest/forecasts.ts';
import type { Bin, Quality } from '../../../core/backtest/quality.ts';
import type { Rate } from '../../../core/backtest/rate.ts';
import type { Skill } from '../../../core/backtest/skill.ts';
import { short } from '../../../core/report/encode.ts';
import { number, plural } from '../../../core/signal/format.ts';
import type { Style } from '../style.ts';
import { decisionLines } from './backtest-decisions.ts';
import { percent, rateCell, span } from './backtest-figures.ts';
import { page, type Page } from './page.ts';

const namesOf: Readonly<Record<Forecaster, string>> = {
  model: 'the model',
  shown: 'what was shown',
  baseRate: 'the base rate',
};
const label = 26;
const column = 17;

/** Figures of the forecasts and of the decisions, each with what it was counted from. */
export function backtestPage(result: Backtest, style: Style): string {
  const { service, environment, counts, forecasts } = result;
  const out = page(style);
  out.heading(
    `Backtest of ${short(service, 60)} in ${short(environment, 60)}: ${plural(counts.judged, 'release')} with a known outcome, ${number(forecasts.failures)} failed`,
  );
  if (forecasts.from !== null && forecasts.to !== null)
    out.line(`deployed ${forecasts.from.slice(0, 10)} to ${forecasts.to.slice(0, 10)}${leftOut(counts)}`, 'dim');
  else out.line(`of ${plural(counts.deployments, 'deployment')}${leftOut(counts)}`, 'dim');
  out.rule();
  if (forecasts.notEnough !== null) out.mark('unknown', forecasts.notEnough);
  if (forecasts.n === 0)
    out.line('  aqe deploy record and aqe deploy history import take in how releases ended', 'dim');
  else forecastLines(out, forecasts);
  if (counts.judged > 0) decisionLines(out, result);
  return out.text();
}

function leftOut({ older, future, pending, inferred }: BacktestCounts): string {
  const parts = [
    [pending, 'pending'],
    [inferred, 'inferred'],
    [older, 'before these days'],
    [future, 'in the future'],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`);
  return words.length === 0 ? '' : `; left out: ${words.join(', ')}`;
}

function forecastLines(out: Page, record: ForecastRecord): void {
  const row = (name: string, cell: (quality: Quality) => string): void =>
    out.line(
      cells(
        name,
        forecasters.map((each) => cell(record[each])),
      ),
    );
  out.heading('Forecasts of failure, each made from what was known before the release');
  out.line(cells('', ['model', 'shown', 'base rate']), 'dim');
  row('AUC', ({ auc }) => decimal(auc));
  row('PR-AUC', ({ prAuc }) => decimal(prAuc));
  row('Brier score', ({ brier }) => decimal(brier));
  row('log-loss', ({ logLoss }) => decimal(logLoss));
  row('ECE', ({ ece }) => decimal(ece));
  skillRows(row, 'Brier skill', ({ brierSkill }) => brierSkill);
  skillRows(row, 'log-loss skill', ({ logLossSkill }) => logLossSkill);
  row('failures in the top 5%', ({ captureTop5 }) => share(captureTop5));
  row('failures in the top 10%', ({ captureTop10 }) => share(captureTop10));
  for (const reason of reasonsOf(record)) out.line(`  ${reason}`, 'dim');
  out.line();
  for (const [name, quality] of tablesOf(record)) reliabilityTable(out, name, quality.reliability);
  costLines(out, row, record);
}

function skillRows(
  row: (name: string, cell: (quality: Quality) => string) => void,
  name: string,
  of: (quality: Quality) => Skill,
): void {
  row(name, (quality) => decimal(of(quality).skill));
  row('  95% interval', (quality) => {
    const { interval } = of(quality);
    return interval === null ? 'none' : `${decimals(interval[0])} to ${decimals(interval[1])}`;
  });
}

/** Why figures are missing, each reason once. */
function reasonsOf({ notEnough, ...record }: ForecastRecord): readonly string[] {
  const reasons = forecasters.flatMap((each) => {
    const { auc, brierSkill, logLossSkill } = record[each];
    return [auc, brierSkill.skill, logLossSkill.skill].flatMap(({ reason }) => reason ?? []);
  });
  return [...new Set(reasons)].filter((reason) => reason !== notEnough).map((reason) => `none: ${reason}`);
}

/** What was shown has a table of its own where it is not what the model says. */
function tablesOf({ model, shown }: ForecastRecord): readonly (readonly [string, Quality])[] {
  const same = JSON.stringify(model.reliability) === JSON.stringify(shown.reliability);
  return same
    ? [['the model, and of what was shown', model]]
    : [
        ['the model', model],
        ['what was shown', shown],
      ];
}

function reliabilityTable(out: Page, name: string, bins: readonly Bin[]): void {
  out.heading(`Reliability of ${name}`);
  out.line(tableRow(['forecast', 'n', 'mean', 'failed', '95% interval']), 'dim');
  for (const { from, to, n, meanPredicted, observed, interval } of bins) {
    if (n === 0 || meanPredicted === null || observed === null) continue;
    const range = `${number(100 * from)}–${number(100 * to)}%`;
    out.line(tableRow([range, number(n), percent(meanPredicted), percent(observed), span(interval)]));
  }
  out.line();
}

function costLines(
  out: Page,
  row: (name: string, cell: (quality: Quality) => string) => void,
  record: ForecastRecord,
): void {
  const { threshold, costs, verdicts } = record.model;
  out.heading(
    `Had every release with a forecast above ${percent(threshold)} been held back (a failure costs ${plural(costs.costRatio, 'good release', 'good releases')} held back)`,
  );
  out.line(cells('', ['model', 'shown', 'base rate']), 'dim');
  const rate = (name: string, of: (quality: Quality) => Rate): void => {
    row(name, (quality) => rateCell(of(quality)));
    row('  95% interval', (quality) => span(of(quality).interval));
  };
  rate('right', ({ verdicts }) => verdicts.accuracy);
  rate('good ones held back', ({ verdicts }) => verdicts.falseBlocksOfGood);
  rate('held back, yet good', ({ verdicts }) => verdicts.falseBlocksOfBlocks);
  rate('failures let through', ({ verdicts }) => verdicts.falsePassesOfFailed);
  rate('let through, yet failed', ({ verdicts }) => verdicts.falsePassesOfPasses);
  row('cost', ({ costs: { cost } }) => number(cost));
  row(
    'cost saved',
    ({ costs: { saved, savedShare } }) => `${number(saved)}${savedShare === null ? '' : ` (${percent(savedShare)})`}`,
  );
  const { better, alwaysApprove, alwaysBlock } = costs;
  const [always, other] = better === 'always-approve' ? ['approving', 'holding back'] : ['holding back', 'approving'];
  out.line(
    `  Always ${always} would have cost ${number(Math.min(alwaysApprove, alwaysBlock))}, always ${other} ${number(Math.max(alwaysApprove, alwaysBlock))}; saved is against the cheaper one, which is known in hindsight only.`,
    'dim',
  );
  out.line(
    `  The same word for every release would have been right for ${rateCell(verdicts.accuracyOfOneWord)}.`,
    'dim',
  );
  for (const each of forecasters) {
    const { saved } = record[each].costs;
    if (saved < 0)
      out.mark('warn', `holding back by ${namesOf[each]} would have cost ${number(-saved)} more than always ${always}`);
  }
  out.line();
}

function cells(name: string, values: readonly string[]): string {
  return name.padEnd(label) + values.map((value) => value.padStart(column)).join('');
}

function tableRow([range = '', ...values]: readonly string[]): string {
  const widths = [7, 10, 10, 20];
  return `  ${range.padEnd(12)}${values.map((value, index) => value.padStart(widths[index]!)).join('')}`;
}

function decimal({ value }: Figure): string {
  return value === null ? 'none' : decimals(value);
}

function decimals(value: number): string {
  return value.toFixed(3).replace(/^-(?=0\.0*$)/, '');
}

function share({ value }: Figure): string {
  return value === null ? 'none' : percent(value);
}
