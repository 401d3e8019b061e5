import { signalReaders } from '../../src/adapters/signals/index.ts';
import { metricIds, metricOf } from '../../src/core/signal/metrics.ts';
import { code, page, table, text } from './page.ts';

export function formatsPage(): string {
  const kinds = [...new Set(signalReaders.flatMap((reader) => reader.gives))];
  return page(
    'Evidence formats',
    'src/adapters/signals',
    `${signalReaders.length} report formats are read. A file is recognised by its content; names only tell where to look outside ` +
      'report folders. `aqe deploy evidence FILE` shows as what a file is read and what it says. Any other JSON, XML or CSV report ' +
      'can be read by [a mapping](../guides/custom-evidence.md).',
    table(
      ['format', 'id', 'says', 'found by name'],
      signalReaders.map(({ id, title, gives, names }) => [
        text(title),
        code(id),
        gives.join(', '),
        names.map(code).join(', '),
      ]),
    ),
    '## What is counted as one',
    'Two tools that look at the same code count differently. This is what the figures of each format are figures of.',
    table(
      ['id', 'counting unit'],
      signalReaders.map(({ id, countingUnit }) => [code(id), text(countingUnit)]),
    ),
    '## From reports to metrics',
    table(
      ['a report that says', 'can give', 'formats'],
      kinds.map((kind) => [
        kind,
        metricIds
          .filter((id) => metricOf(id).from === kind)
          .map(code)
          .join(', '),
        signalReaders
          .filter((reader) => reader.gives.includes(kind))
          .map(({ id }) => code(id))
          .join(', '),
      ]),
    ),
  );
}
