import { cvssBands } from '../../src/adapters/signals/shared/severity.ts';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import { code, page, table, text } from './page.ts';

export function severitiesPage(): string {
  const withWords = signalReaders
    .filter((reader) => reader.severities)
    .toSorted((a, b) => a.title.localeCompare(b.title, 'en'));
  return page(
    'Severities',
    'src/adapters/signals',
    'Every tool has its own words for how bad a finding is. Gates count in ours: `critical`, `high`, `medium`, `low`, `info` and `unknown`, worst first ' +
      'except for `unknown`, which is not a place in the order: it says that the tool gave no word or one that is not listed here. An unknown word is never ' +
      'read as a mild one, and security gates count it as high. Words are compared without regard to case.',
    '## CVSS scores',
    table(
      ['score', 'severity'],
      cvssBands.map(([from, severity], index) => [
        index === 0
          ? `${from.toFixed(1)} to 10.0`
          : from === 0
            ? '0.0'
            : `${from.toFixed(1)} to below ${cvssBands[index - 1]![0].toFixed(1)}`,
        severity,
      ]),
    ),
    'These are the bands of CVSS 3.1 and 4.0. They decide where a format gives a score and no word; where it gives both, the word is taken and the score is shown beside it.',
    ...withWords.flatMap(({ title, severities }) => [
      `## ${text(title)}`,
      table(
        ['its word', 'severity'],
        Object.entries(severities!.words).map(([word, severity]) => [code(word), severity]),
      ),
      ...(severities!.note ? [text(severities!.note)] : []),
    ]),
  );
}
