import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import type { EarlierRelease } from '../history/earlier-release.ts';
import type { ChangeLimit, Criterion, Gate } from './criteria.ts';
import { asksForHistory, changeWords, limitFrom, resolveLimits } from './resolve-limits.ts';

const previous = { kind: 'previous' } as const;
const releases = (...values: readonly (number | null)[]): readonly EarlierRelease[] =>
  values.map((value, index) => ({
    version: `v${index + 1}`,
    assessedAt: '2026-01-01T00:00:00.000Z',
    decisionDigest: '',
    values: value === null ? {} : { response_time: value },
  }));
const gate = (change: ChangeLimit, more: Partial<Criterion> = {}): Gate => ({
  name: 'a',
  group: 'mandatory',
  enforcement: 'BLOCKING',
  mode: 'enforce',
  criteria: [{ key: 'max_p95_latency_ms', threshold: null, change, ...more }],
});
const resolved = (change: ChangeLimit, earlier: readonly EarlierRelease[]): Criterion =>
  resolveLimits([gate(change)], earlier)[0]!.criteria[0]!;

describe('a limit relative to earlier releases', () => {
  test.each([
    [480, 10, '%', 528],
    [480, -10, '%', 432],
    [0, 10, '%', 0],
    [86, -0.5, 'units', 85.5],
    [-4, 50, '%', -2],
  ] as const)('of %d with %d %s is %d', (value, by, unit, limit) => {
    expect(limitFrom(value, { by, in: unit })).toBeCloseTo(limit, 9);
  });

  test('is worked out from the newest release that has the value, which is named', () => {
    const found = resolved({ by: 10, in: '%', against: previous }, releases(null, 480, 999));

    expect(found.threshold).toBeCloseTo(528, 9);
    expect(found.baseline).toEqual({ value: 480, versions: ['v2'] });
  });

  test('of the last N passes is from their median, and open while there are fewer', () => {
    const change = { by: 0, in: 'units', against: { kind: 'passes', count: 3 } } as const;

    expect(resolved(change, releases(10, null, 30, 20, 99))).toMatchObject({
      threshold: 20,
      baseline: { value: 20, versions: ['v1', 'v3', 'v4'] },
    });
    expect(resolved(change, releases(10, 30)).threshold).toBeNull();
    expect(resolved({ ...change, against: { kind: 'passes', count: 2 } }, releases(10, 30, 99)).threshold).toBe(20);
  });

  test('stays open without any, and leaves the other limits as they are', () => {
    const fixed = gate({ by: 1, in: '%', against: previous });
    const plain: Gate = { ...fixed, criteria: [{ key: 'max_failed_tests', threshold: 0 }] };

    expect(resolveLimits([fixed, plain], [])).toEqual([fixed, plain]);
    expect([asksForHistory([plain]), asksForHistory([plain, fixed])]).toEqual([false, true]);
  });

  test('rises with what is allowed, and depends on no release that is older than it looks', () => {
    const value = fc.double({ min: 0, max: 1e6, noNaN: true });
    const by = fc.double({ min: -100, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        value,
        by,
        by,
        fc.constantFrom('%' as const, 'units' as const),
        value,
        (of, one, other, unit, older) => {
          const limit = (each: number): number =>
            resolved({ by: each, in: unit, against: previous }, releases(of, older)).threshold!;

          expect(limit(Math.max(one, other))).toBeGreaterThanOrEqual(limit(Math.min(one, other)));
          expect(limit(one)).toBe(resolved({ by: one, in: unit, against: previous }, releases(of)).threshold);
        },
      ),
      runs,
    );
  });
});

test.each([
  [{ by: 10, in: '%', against: previous }, '<= +10 % of the previous release'],
  [{ by: -0.5, in: 'units', against: { kind: 'passes', count: 5 } }, '<= −0.5 of the median of the last 5 passes'],
] as const)('%j in words', (change, words) => {
  expect(changeWords({ key: 'max_p95_latency_ms', change })).toBe(words);
});
