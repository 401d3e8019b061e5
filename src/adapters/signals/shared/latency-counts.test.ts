import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LatencyCounts } from './latency-counts.ts';

describe('LatencyCounts', () => {
  test('percentiles are the exact nearest ranks below 65,536 units', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(65_535), { minLength: 1, maxLength: 300 }), (values) => {
        const found = percentilesOf(values);

        for (const rank of [50, 90, 95, 99]) expect(found[rank]).toBe(nearestRank(values, rank));
      }),
    );
  });

  test('above, percentiles are rounded up by less than 0.025 %', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e15), { minLength: 1, maxLength: 100 }), (values) => {
        const found = percentilesOf(values);

        for (const rank of [50, 90, 95, 99]) {
          const exact = nearestRank(values, rank);
          expect(found[rank]).toBeGreaterThanOrEqual(exact);
          expect(found[rank]).toBeLessThanOrEqual(exact * 1.00025);
        }
      }),
    );
  });

  test('a value that is added many times counts as often', () => {
    const latencies = new LatencyCounts();
    latencies.add(10, 95);
    latencies.add(200, 4);
    latencies.add(3000);

    const found = latencies.percentiles(10);

    expect(found).toEqual({ 50: 1, 90: 1, 95: 1, 99: 20 });
  });

  test('there are no percentiles of nothing', () => {
    const found = new LatencyCounts().percentiles();

    expect(found).toEqual({});
  });
});

function percentilesOf(values: readonly number[]): Record<number, number> {
  const latencies = new LatencyCounts();
  for (const value of values) latencies.add(value);
  return latencies.percentiles();
}

function nearestRank(values: readonly number[], percentile: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil((percentile * values.length) / 100) - 1]!;
}
