import type { Aggregate, MappedMetric, MappedOutcome } from '../../../core/policy/evidence-mapping.ts';
import { decimalOf, plus, zero } from '../../../core/signal/decimal.ts';
import { grades } from '../../../core/signal/metrics.ts';
import { convert, rangeProblem } from '../../../core/signal/units.ts';

type Problem = NonNullable<MappedOutcome['problem']>;

/** Values that are held for a percentile at most. */
const maxHeld = 20_000_000;
const shownFirst = 3;

/** Gathers what one metric of a mapping finds. Of a problem the first is kept: nothing that comes later makes up for it. */
export interface Values {
  /** One value as it stands in the report: a number or a text of one. Anything else is a problem. `place`: where it stands. */
  take(value: unknown, place: () => string): void;
  /** Something that has to be a value is not there. */
  lack(detail: string): void;
  /** What a count of nothing needs is there. */
  allowZero(): void;
  /** How many were taken. */
  found(): number;
  outcome(): MappedOutcome;
}

export function valuesOf(mapped: MappedMetric): Values {
  const { metric, aggregate, unit } = mapped;
  const at = placeOf(mapped);
  const held: number[] = [];
  const first: string[] = [];
  const holds = /^p\d+$/.test(aggregate);
  const adds = aggregate === 'sum' || aggregate === 'mean';
  let [found, lowest, highest, earliest, latest] = [0, Infinity, -Infinity, 0, 0];
  let sum = zero;
  let mayBeZero = false;
  let problem: Problem | null = null;
  const refuse = (code: Problem['code'], detail: string): void => {
    problem ??= { code, detail };
  };
  const keep = (value: number): void => {
    if (found === 1) earliest = value;
    latest = value;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    if (adds) sum = plus(sum, decimalOf(value));
    if (holds && held.push(value) > maxHeld) refuse('AQE2005', `there are more than ${maxHeld} values`);
  };
  const aggregated = (): { readonly value: number; readonly converted: number | null } => {
    if (adds) {
      const parts = aggregate === 'mean' ? found : 1;
      return { value: convertedBack(sum, parts), converted: convert(sum, parts, unit, metric) };
    }
    const value = one(aggregate, { found, lowest, highest, earliest, latest, held });
    return { value, converted: convert(decimalOf(value), 1, unit, metric) };
  };
  return {
    take(raw, place) {
      found += 1;
      if (first.length < shownFirst) first.push(shown(raw));
      if (aggregate === 'count' || problem) return;
      const value = numberIn(raw, unit);
      if (typeof value === 'number') keep(value);
      else refuse('AQE2003', `the value at ${place()} ${value.problem}`);
    },
    lack: (detail) => refuse('AQE2003', detail),
    allowZero: () => void (mayBeZero = true),
    found: () => found,
    outcome() {
      if (found === 0 && !(aggregate === 'count' && mayBeZero)) {
        const why = aggregate === 'count' && mapped.zeroIf !== null ? `, and nothing is at ${mapped.zeroIf}` : '';
        refuse('AQE2007', `nothing is at ${at}${why}`);
      }
      if (aggregate === 'only' && found > 1)
        refuse('AQE2003', `there are ${found} values at ${at}: state by \`aggregate\` how they become one`);
      const result = problem ? null : aggregated();
      const checked = result === null ? null : problemOf(mapped, result.converted, adds ? [] : [lowest, highest]);
      if (checked) problem = checked;
      const fine = problem === null ? result : null;
      const converted = fine?.converted ?? null;
      return { metric, at, aggregate, unit, found, first, value: fine?.value ?? null, converted, problem };
    },
  };
}

/** The path or column, with the rows that count. */
function placeOf({ at, where }: MappedMetric): string {
  if (where.length === 0) return at;
  return `${at} where ${where.map(({ column, value }) => `${column} = ${value}`).join(' and ')}`;
}

/** A mean or a sum in the unit of the file. */
function convertedBack(sum: typeof zero, parts: number): number {
  return Number(`${sum.digits}e${sum.exponent}`) / parts;
}

function problemOf(
  { metric, unit, aggregate }: MappedMetric,
  converted: number | null,
  extremes: readonly number[],
): Problem | null {
  if (converted === null) return { code: 'AQE2003', detail: `${unit} is no unit of ${metric}` };
  // A value that cannot be is an error, also where the aggregate passes over it.
  const others =
    aggregate === 'count' ? [] : extremes.map((value) => convert(decimalOf(value), 1, unit, metric) ?? NaN);
  for (const value of [...others, converted]) {
    const problem = rangeProblem(metric, value);
    if (problem) return { code: 'AQE2003', detail: `a value of ${value} ${problem}` };
  }
  if (metric === 'executed_tests' && converted === 0) return { code: 'AQE2007', detail: 'no test was executed' };
  return null;
}

interface Seen {
  readonly found: number;
  readonly lowest: number;
  readonly highest: number;
  readonly earliest: number;
  readonly latest: number;
  readonly held: readonly number[];
}

function one(aggregate: Aggregate, { found, lowest, highest, earliest, latest, held }: Seen): number {
  switch (aggregate) {
    case 'count':
      return found;
    case 'min':
      return lowest;
    case 'max':
      return highest;
    case 'last':
      return latest;
    case 'p50':
    case 'p90':
    case 'p95':
    case 'p99':
      return nearestRank(held, Number(aggregate.slice(1)));
    default:
      return earliest;
  }
}

/** The smallest value that at least `percent` of the values do not exceed. */
function nearestRank(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? NaN;
}

/** Nothing but a number: no unit, no separators of thousands, no comma for a point. */
const plainNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a value of a report is, stated in a unit. */
function numberIn(raw: unknown, unit: string): number | { readonly problem: string } {
  if (typeof raw === 'number') return finite(raw);
  if (typeof raw !== 'string') return { problem: `is ${kindOf(raw)}, not a number` };
  const text = raw.trim();
  if (text === '') return { problem: 'is empty' };
  if (unit === 'grade' && /^[A-Ea-e]$/.test(text)) return grades.findIndex((grade) => grade === text.toUpperCase()) + 1;
  const isPercent = text.endsWith('%');
  const figure = isPercent ? text.slice(0, -1).trimEnd() : text;
  if (figure.length > 64 || !plainNumber.test(figure)) return { problem: `is ${quoted(text)}, not a number` };
  if (isPercent && unit !== '%')
    return { problem: `is ${quoted(text)}, and the mapping says that its unit is ${unit}` };
  return finite(Number(figure));
}

function finite(value: number): number | { readonly problem: string } {
  if (!Number.isFinite(value)) return { problem: 'is no finite number' };
  return value < 0 ? { problem: `is negative (${value})` } : value;
}

function kindOf(raw: unknown): string {
  if (raw === null) return 'null';
  if (Array.isArray(raw)) return 'a list';
  return typeof raw === 'object' ? 'an object' : String(raw).slice(0, 40);
}

function shown(raw: unknown): string {
  return typeof raw === 'string' ? raw.trim().slice(0, 40) : typeof raw === 'number' ? String(raw) : kindOf(raw);
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
