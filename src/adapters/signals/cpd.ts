import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { zonedTime } from './shared/zoned-time.ts';
import { IssueList, lineFrom } from './shared/issue-list.ts';
import { xmlSession, xmlStart, type XmlHandler } from './shared/xml.ts';

/** XML of PMD's copy-paste detector, also written by jscpd and PHPCPD. Code fragments are not read. */
export const cpd: SignalReader = {
  id: 'cpd',
  title: 'PMD CPD XML',
  gives: ['code-issues'],
  names: ['cpd*.xml', '*cpd.xml', 'jscpd*.xml'],
  countingUnit: 'One <duplication>, in however many places it stands; each is of low severity.',
  detects: ({ text }) => xmlStart(text)?.root === 'pmd-cpd',
  open: (file) => xmlSession(file, handlerFor(file.path)),
};

interface Duplication {
  readonly lines: string;
  /** jscpd does not state them. */
  readonly tokens: string | undefined;
  readonly places: { readonly path: string; readonly line: number | undefined }[];
  count: number;
}

const namedPlaces = 4;

function handlerFor(path: string): XmlHandler {
  const issues = new IssueList();
  let attributesOfRoot: Readonly<Record<string, string>> = {};
  let filesChecked: number | null = null;
  let current: Duplication | undefined;

  const close = ({ lines, tokens, places, count }: Duplication): void => {
    const named = places.map((place) => (place.line ? `${place.path}:${place.line}` : place.path)).join(', ');
    const more = count > places.length ? ` and ${count - places.length} more` : '';
    const size = tokens === undefined ? `${lines} lines` : `${lines} lines (${tokens} tokens)`;
    const message = `${size} stand in ${count} places: ${named}${more}`;
    issues.add({ rule: 'duplication', severity: 'low', message, ...places[0] });
  };

  return {
    roots: ['pmd-cpd'],
    wantsText: () => false,
    open({ name, attributes }, depth) {
      if (depth === 1) attributesOfRoot = attributes;
      else if (name === 'duplication' && depth === 2) {
        current = { lines: attributes['lines'] ?? '?', tokens: attributes['tokens'], places: [], count: 0 };
      } else if (name === 'file' && current) {
        current.count += 1;
        if (current.places.length < namedPlaces)
          current.places.push({ path: attributes['path'] ?? '?', line: lineFrom(attributes['line']) });
      } else if (name === 'file' && depth === 2) filesChecked = (filesChecked ?? 0) + 1;
      else if (name === 'error' && depth === 2)
        issues.addNotAnalysed({ rule: 'processing-error', message: attributes['msg'], path: attributes['filename'] });
    },
    close(name, depth) {
      if (name !== 'duplication' || depth !== 2 || !current) return;
      close(current);
      current = undefined;
    },
    finish() {
      const { xmlns, pmdVersion, timestamp } = attributesOfRoot;
      // Since PMD 7, which brought the namespace, every file that was looked at is listed.
      if (xmlns?.startsWith('https://pmd-code.org/') && filesChecked === null && issues.total === 0)
        throw new AqeError('AQE2007', 'it lists no file that was looked at', { path });
      const takenAt = zonedTime(timestamp);
      return {
        producer: { name: 'cpd', ...(pmdVersion ? { version: pmdVersion } : {}) },
        ...(takenAt ? { takenAt } : {}),
        facts: [issues.fact(filesChecked)],
        notices: issues.notices(),
      };
    },
  };
}
