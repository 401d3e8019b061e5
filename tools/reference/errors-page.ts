import { catalog, type CatalogEntry } from '../../src/core/error/catalog.ts';
import { exitMeanings } from '../../src/surfaces/cli/exit-codes.ts';
import { page, table, text } from './page.ts';

const areas: Readonly<Record<string, string>> = {
  1: 'Config and usage',
  2: 'Evidence',
  3: 'Policy',
  4: 'Metrics',
  5: 'Rollout',
  6: 'Store',
  7: 'Notifications',
  8: 'Server',
};

export function errorsPage(): string {
  const entries = Object.entries(catalog) as readonly (readonly [string, CatalogEntry])[];
  const sections = Object.entries(areas).flatMap(([digit, area]) => {
    const own = entries.filter(([id]) => id.startsWith(`AQE${digit}`));
    if (own.length === 0) return [];
    const rows = own.map(([id, { title, exit, hint }]) => [`**${id}**`, text(title), String(exit), text(hint)]);
    return [`## ${area}`, table(['code', 'what happened', 'exit', 'what to do'], rows)];
  });
  return page(
    'Errors',
    'src/core/error/catalog.ts',
    'Every error that you can act on has a code, and codes never change their meaning. Where an error ends a command, the ' +
      `exit status is the one in the table: ${[2, 3].map((exit) => `${exit} is “${text(exitMeanings[exit as 2 | 3])}”`).join(', ')}. ` +
      'An error without a code is a bug of ours and is printed with its stack.',
    ...sections,
  );
}
