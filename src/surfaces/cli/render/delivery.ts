import type { EnvironmentMetrics } from '../../../app/delivery-metrics.ts';
import { short } from '../../../core/report/encode.ts';
import { shareWords } from '../../../core/report/history-words.ts';
import type { Hours } from '../../../core/history/dora.ts';
import { fewestForShare } from '../../../core/history/time-window.ts';
import { number, plural } from '../../../core/signal/format.ts';
import type { Style } from '../style.ts';
import { page, type Page } from './page.ts';

/** The five metrics, an environment after the other. */
export function deliveryPage(environments: readonly EnvironmentMetrics[], style: Style): string {
  const out = page(style);
  if (environments.length === 0)
    out.line('no deployment of this service is recorded: aqe deploy record and aqe deploy history import do it');
  for (const [index, each] of environments.entries()) {
    if (index > 0) out.line();
    environmentLines(out, each);
  }
  return out.text();
}

function environmentLines(out: Page, metrics: EnvironmentMetrics): void {
  const { service, environment, from, to, days, n, pending, inferred, future } = metrics;
  const [what, where] = [service, environment].map((each) => short(out.style.redact(each), 60));
  const { leadTime, deploymentFrequency, recoveryTime, changeFailRate, reworkRate } = metrics;
  out.heading(`${what} in ${where}: ${from.slice(0, 10)} to ${to.slice(0, 10)}, ${plural(days, 'day')}`);
  out.rule();
  out.line(
    `  ${plural(n, 'deployment')} with an observed outcome; not counted: ${pending} pending, ${inferred} inferred`,
  );
  if (n + pending + inferred + future === 0)
    out.line('  aqe deploy record and aqe deploy history import take deployments in', 'dim');
  out.line();
  out.field('Lead time', hoursWords(leadTime, 'deployment'));
  if (leadTime.n > 0) out.field('', leadWords(leadTime));
  const { perDay } = deploymentFrequency;
  out.field('Frequency', perDay === null ? tooFew(n) : `${frequencyWords(perDay)} (n = ${number(n)})`);
  const unknown = recoveryTime.unknown > 0 ? `; not known of ${plural(recoveryTime.unknown, 'failure')}` : '';
  out.field('Recovery time', `${hoursWords(recoveryTime, 'recovery')}${unknown}`);
  out.field('Change fail rate', n < fewestForShare ? tooFew(n) : shareWords(changeFailRate));
  out.field('Rework rate', n < fewestForShare ? tooFew(n) : reworkWords(reworkRate));
  if (future > 0) out.mark('warn', `${plural(future, 'deployment')} in the future, not counted`);
}

function leadWords({ fromFirstCommit, fromNewestCommit, unknown, again }: EnvironmentMetrics['leadTime']): string {
  const words = [
    `from the oldest commit in ${fromFirstCommit}, from the newest in ${fromNewestCommit}`,
    ...(unknown > 0 ? [`not known of ${unknown}`] : []),
    ...(again > 0 ? [`none for ${plural(again, 'deployment')} of a version that was there before`] : []),
  ];
  return words.join('; ');
}

function tooFew(n: number): string {
  return `n = ${number(n)}, needs ${fewestForShare}`;
}

function hoursWords({ n, medianHours, p90Hours }: Hours, of: 'deployment' | 'recovery'): string {
  if (medianHours === null || p90Hours === null) return tooFew(n);
  const p90 = of === 'deployment' ? `, 90th percentile ${spanWords(p90Hours)}` : '';
  return `median ${spanWords(medianHours)}${p90} (n = ${number(n)})`;
}

function spanWords(hours: number): string {
  if (hours < 1) return `${number(60 * hours)} min`;
  return hours < 48 ? `${number(hours)} h` : `${number(hours / 24)} days`;
}

function frequencyWords(perDay: number): string {
  if (perDay >= 1) return `${number(perDay)} a day`;
  const days = number(1 / perDay);
  return days === '1' ? 'about one a day' : `one every ${days} days`;
}

function reworkWords(rate: EnvironmentMetrics['reworkRate']): string {
  const { percent, unknown, n } = rate;
  if (percent === null) return `not known: no deployment says whether it was planned (n = ${number(n)})`;
  return unknown > 0 ? `at least ${shareWords(rate)}; not known of ${number(unknown)}` : shareWords(rate);
}
