import type { SignalReader } from '../../ports/signal-reader.ts';
import { pmdCsvSession } from './pmd/csv.ts';
import { pmdJsonSession } from './pmd/json.ts';
import { priorities } from './pmd/priorities.ts';
import { pmdXmlHandler } from './pmd/xml.ts';
import { jsonHead, objectOf } from './shared/json.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { xmlSession, xmlStart } from './shared/xml.ts';

/** PMD's XML, JSON and CSV. A file that PMD could not process is a critical finding: no rule has seen it. */
export const pmd: SignalReader = {
  id: 'pmd',
  title: 'PMD XML, JSON and CSV',
  gives: ['code-issues'],
  names: ['pmd.xml', 'pmd-*.xml', 'pmd_*.xml', 'pmd.json', 'pmd-*.json', 'pmd*.csv'],
  countingUnit: 'One violation, and one file that PMD could not process; suppressed violations are counted apart.',
  severities: priorities,
  detects({ text }) {
    if (xmlStart(text)?.root === 'pmd') return true;
    const root = objectOf(jsonHead(text));
    if (typeof root['pmdVersion'] === 'string' && typeof root['formatVersion'] === 'number') return true;
    const header = text.trimStart().split('\n', 1)[0]!.slice(0, 500);
    const columns = header.split(',').map((column) => column.trim().replace(/^"|"$/g, ''));
    return ['Priority', 'Description', 'Rule set', 'Rule'].every((column) => columns.includes(column));
  },
  open: (file) =>
    byFirstCharacter(file, (start) => {
      if (start === '<') return xmlSession(file, pmdXmlHandler());
      return start === '{' ? pmdJsonSession(file) : pmdCsvSession(file);
    }),
};
