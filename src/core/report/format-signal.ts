import { number } from '../signal/format.ts';
import { grades, metricOf, type Unit } from '../signal/metrics.ts';
import type { Signal } from '../signal/signal.ts';

/**
 * A value with its unit for people. It is cut towards the failing side of a threshold, never rounded over it: 84.996 %
 * shows as 84.99 %, 0.1001 % of errors as 0.11 %, 500.04 ms as 500.1 ms.
 */
export function formatSignal(signal: Signal): string {
  const { unit, better } = metricOf(signal.metric);
  const scale = unit === '%' || unit === 'score' ? 100 : 10;
  const scaled = signal.value * scale;
  const nearest = Math.round(scaled);
  // Floating point may miss an exact digit by a hair; only beyond that is there anything to cut.
  const cut =
    Math.abs(scaled - nearest) < 1e-9 ? nearest : better === 'higher' ? Math.floor(scaled) : Math.ceil(scaled);
  return (signal.bound === 'at-most' ? '≤ ' : '') + formatValue(cut / scale, unit);
}

/** As it was written: a limit of 0.001 % is not one of 0 %. */
export function formatThreshold(threshold: number, unit: Unit): string {
  if (unit === '%') return `${threshold}%`;
  return unit === 'score' ? String(threshold) : formatValue(threshold, unit);
}

export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case '%':
      return `${number(value, 2)}%`;
    case 'score':
      return number(value, 2);
    case 'ms':
      return `${number(value)} ms`;
    case 'rps':
      return `${number(value)} req/s`;
    case 'hours':
      return `${number(value)} h`;
    case 'lines':
      return `${number(value, 0)} ${number(value, 0) === '1' ? 'line' : 'lines'}`;
    case 'grade':
      return grades[Math.round(value) - 1] ?? String(value);
    case 'yes-no':
      return value === 1 ? 'yes' : 'no';
    case 'count':
    case 'cvss':
    case 'per-function':
      return number(value);
  }
}
