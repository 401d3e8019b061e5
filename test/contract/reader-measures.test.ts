import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import { metricIds } from '../../src/core/signal/metrics.ts';

const root = fileURLToPath(new URL('../fixtures/signals/', import.meta.url));
const stating = signalReaders.filter(({ gives }) => gives.includes('measure'));

test('some readers state metrics', () => {
  expect(stating.length).toBeGreaterThan(1);
});

test.each(stating.map((reader) => [reader.id, reader] as const))(
  '%s names the metrics that its readings are about',
  (id, { measures = [] }) => {
    const folder = `${root}${id}/`;
    const stated = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory()) return [];
      const reading = JSON.parse(readFileSync(`${folder}${entry.name}/expected.json`, 'utf8')) as {
        readonly facts?: readonly { readonly kind: string; readonly metric?: string }[];
      };
      return (reading.facts ?? []).flatMap(({ kind, metric }) => (kind === 'measure' ? [metric] : []));
    });

    expect(new Set(stated)).toEqual(new Set(measures));
    expect(metricIds).toEqual(expect.arrayContaining([...measures]));
  },
);

test('a reader that states no metric names none', () => {
  expect(signalReaders.filter((reader) => !stating.includes(reader) && reader.measures !== undefined)).toEqual([]);
});
