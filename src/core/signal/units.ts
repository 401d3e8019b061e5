import { toNumber, type Decimal } from './decimal.ts';
import { isMappable, metricIds, metricOf, type MetricId, type Unit } from './metrics.ts';

/** value in the catalog's unit = value × times × 10 ^ shift / over */
interface Factor {
  readonly times?: bigint;
  readonly shift?: number;
  readonly over?: number;
}

const same: Factor = {};

/** Units in which a file may state a value, by the unit of the catalog that they are converted to. */
const factors = {
  '%': { '%': same, ratio: { shift: 2 } },
  score: { score: same, ratio: { shift: 2 } },
  ms: { ns: { shift: -6 }, us: { shift: -3 }, ms: same, s: { shift: 3 }, min: { times: 60n, shift: 3 } },
  rps: { rps: same, rpm: { over: 60 } },
  count: { count: same },
  grade: { grade: same },
  cvss: { cvss: same },
  lines: { lines: same },
  hours: { hours: same },
  'yes-no': { 'yes-no': same },
  'per-function': { 'per-function': same },
} as const satisfies Record<Unit, Readonly<Record<string, Factor>>>;

/** The units that a value of the metric may be stated in. */
export function fileUnitsOf(metric: MetricId): readonly string[] {
  return Object.keys(factors[metricOf(metric).unit]);
}

/** Every unit that a file may state a value in. */
export const fileUnits: readonly string[] = [...new Set(metricIds.filter(isMappable).flatMap(fileUnitsOf))];

/**
 * `value / parts`, stated in `unit`, in the unit of the metric. Decimal fractions stay what they are: a ratio of 0.57 is 57 %.
 * Null if the metric has no such unit.
 */
export function convert(value: Decimal, parts: number, unit: string, metric: MetricId): number | null {
  const known: Readonly<Record<string, Factor>> = factors[metricOf(metric).unit];
  const factor = Object.hasOwn(known, unit) ? known[unit] : undefined;
  if (factor === undefined) return null;
  const { times = 1n, shift = 0, over = 1 } = factor;
  return toNumber({ digits: value.digits * times, exponent: value.exponent + shift }) / (parts * over);
}

/** Why a value cannot be one of the metric; null if it can. */
export function rangeProblem(metric: MetricId, value: number): string | null {
  const { unit } = metricOf(metric);
  if (!Number.isFinite(value)) return 'is no finite number';
  if (value < 0) return 'is negative';
  if ((unit === '%' || unit === 'score') && value > 100) return unit === '%' ? 'is above 100%' : 'is above 100';
  if (unit === 'score' && value > 100) return 'is above 100';
  if (unit === 'cvss' && value > 10) return 'is above 10';
  if (unit === 'count' && !Number.isInteger(value)) return 'is not a whole number';
  if (unit === 'grade' && (!Number.isInteger(value) || value < 1 || value > 5)) return 'is no grade of 1 (A) to 5 (E)';
  return null;
}
