import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { seconds, wholeNumber } from './shared/numbers.ts';
import { xmlSession, xmlStart } from './shared/xml.ts';
import { partsHandler, type XmlPart } from './shared/xml-parts.ts';

/** What Taurus dumps as XML at the end of a run: the group without a label is all requests together. */
export const taurusXml: SignalReader = {
  id: 'taurus-xml',
  title: 'Taurus final status (XML)',
  gives: ['load'],
  names: ['taurus*.xml'],
  countingUnit: 'One sample of the group without a label; failed is what the executor calls a failure (`fail`).',
  detects: ({ text }) => xmlStart(text)?.root === 'FinalStatus',
  open(file) {
    let duration: number | null = null;
    let overall: XmlPart | undefined;
    let groups = 0;
    let sum = 0;
    return xmlSession(
      file,
      partsHandler({
        roots: ['FinalStatus'],
        parts: ['FinalStatus/TestDuration', 'FinalStatus/Group'],
        skip: [],
        part(part) {
          if (part.name === 'TestDuration') duration = seconds(part.text);
          else if (part.attributes['label'] === '') overall = part;
          else {
            groups += 1;
            sum += count(part, 'succ', file.path) + count(part, 'fail', file.path);
          }
        },
        finish() {
          if (!overall && groups > 0)
            throw new AqeError('AQE2003', 'there is no group without a label, which sums up', { path: file.path });
          if (!overall) throw new AqeError('AQE2007', 'there is no sample', { path: file.path });
          return toReading(overall, duration, groups > 0 ? sum : null, file.path);
        },
      }),
    );
  },
};

function toReading(overall: XmlPart, duration: number | null, sum: number | null, path: string): Reading {
  const failed = count(overall, 'fail', path);
  const requests = failed + count(overall, 'succ', path);
  if (requests === 0) throw new AqeError('AQE2007', 'there is no sample', { path });
  // Taurus calls the number of samples its throughput.
  const stated = count(overall, 'throughput', path, requests);
  const { latencyMs, doubled } = percentiles(overall);
  return {
    producer: { name: 'taurus' },
    facts: [
      {
        kind: 'load',
        requests,
        failed,
        durationSeconds: duration,
        throughput: duration ? requests / duration : null,
        latencyMs,
        thresholds: [],
      },
    ],
    notices: [
      ...(stated === requests ? [] : [`${stated} samples stated, ${requests} succeeded or failed`]),
      ...(sum === null || sum === requests
        ? []
        : [`the labels have ${sum} samples together, all of them are ${requests}`]),
      ...doubled.map((rank) => `p${rank} is stated twice; the higher one counts`),
    ],
  };
}

function percentiles(overall: XmlPart): {
  readonly latencyMs: Readonly<Record<number, number>>;
  readonly doubled: readonly number[];
} {
  const latencyMs: Record<number, number> = {};
  const doubled = new Set<number>();
  for (const { name, attributes } of overall.children) {
    const rank = Number(attributes['param'] ?? NaN);
    const value = seconds(attributes['value']);
    // p0 and p100 are the least and the greatest, and an index outside of them is none.
    if (name !== 'perc' || value === null || value > 1e9 || !(rank > 0 && rank < 100)) continue;
    const ms = Math.round(value * 100_000) / 100;
    if (latencyMs[rank] !== undefined && latencyMs[rank] !== ms) doubled.add(rank);
    latencyMs[rank] = Math.max(ms, latencyMs[rank] ?? 0);
  }
  return { latencyMs, doubled: [...doubled] };
}

function count(group: XmlPart, name: string, path: string, otherwise?: number): number {
  const value = group.children.find((child) => child.name === name)?.attributes['value'];
  return value === undefined && otherwise !== undefined ? otherwise : wholeNumber(value ?? '', name, path);
}
