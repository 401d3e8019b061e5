import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { zonedTime } from './shared/zoned-time.ts';
import { IssueList, lineFrom } from './shared/issue-list.ts';
import { ownText } from './shared/own-text.ts';
import { xmlSession, xmlStart, type XmlHandler } from './shared/xml.ts';

/** XML of PMD's copy-paste detector, also written by jscpd and PHPCPD. Code fragments are not read. */
export const cpd: SignalReader = {
  id: 'cpd',
  title: 'PMD CPD XML',
  gives: ['code-issues'],
  names: ['cpd*.xml', '*cpd.xml', 'jscpd*.xml'],
  countingUnit:
    'One copy: a run of lines of a file that stands elsewhere too, once however many fragments it is part of, of low severity.',
  detects: ({ text }) => xmlStart(text)?.root === 'pmd-cpd',
  open: (file) => xmlSession(file, handlerFor(file.path)),
};

interface Duplication {
  readonly lines: string;
  /** jscpd does not state them. */
  readonly tokens: string | undefined;
  readonly places: { readonly path: string; readonly line: number | undefined }[];
}

function handlerFor(path: string): XmlHandler {
  const issues = new IssueList();
  const seen = new Set<string>();
  let attributesOfRoot: Readonly<Record<string, string>> = {};
  let filesChecked: number | null = null;
  let current: Duplication | undefined;

  const close = ({ lines, tokens, places }: Duplication): void => {
    const size = tokens === undefined ? `${lines} lines` : `${lines} lines (${tokens} tokens)`;
    places.forEach((place, index) => {
      const region = `${place.line}\n${lines}\n${place.path}`;
      if (seen.has(region)) return;
      seen.add(region);
      const other = places[index === 0 ? 1 : 0];
      const also = other ? `, also at ${other.line ? `${other.path}:${other.line}` : other.path}` : '';
      const message = `${size} stand in ${places.length} places${also}`;
      issues.add({ rule: 'duplication', severity: 'low', message, ...place });
    });
  };

  return {
    roots: ['pmd-cpd'],
    wantsText: () => false,
    open({ name, attributes }, depth) {
      if (depth === 1) attributesOfRoot = attributes;
      else if (name === 'duplication' && depth === 2) {
        current = { lines: attributes['lines'] ?? '?', tokens: attributes['tokens'], places: [] };
      } else if (name === 'file' && current) {
        current.places.push({ path: ownText(attributes['path'] ?? '?'), line: lineFrom(attributes['line']) });
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
