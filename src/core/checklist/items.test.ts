import { expect, test } from 'vitest';
import { metricOf } from '../signal/metrics.ts';
import { attestableMetrics, checklistGroups, checklistItems } from './items.ts';

test('ids are unique words that a person can type', () => {
  const ids = checklistItems.map(({ id }) => id).concat(Object.keys(attestableMetrics));

  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
});

test('items stand in the order of their groups, and every group has some', () => {
  const groups = checklistItems.map(({ group }) => group);

  expect(groups.filter((group, index) => group !== groups[index - 1])).toEqual([...checklistGroups]);
});

test('only metrics that ask for a person can be attested', () => {
  const origins = Object.values(attestableMetrics).map((metric) => metricOf(metric).from);

  expect(new Set(origins)).toEqual(new Set(['person']));
});
