import { AqeError } from '../../core/error/aqe-error.ts';
import type { SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { addressOf } from './shared/address.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';
import { partsHandler, textOf, type XmlPart } from './shared/xml-parts.ts';
import { xmlSession, xmlStart, type XmlHandler } from './shared/xml.ts';

const severityTable: SeverityTable = {
  words: { high: 'high', medium: 'medium', low: 'low', information: 'info' },
  note: 'An issue that a tester has set to “False positive” is suppressed. Confidence changes nothing.',
};

/** Burp Suite's XML of issues. Requests, responses and the details that quote them are skipped unread. */
export const burp: SignalReader = {
  id: 'burp',
  title: 'Burp Suite XML',
  gives: ['security-issues'],
  names: ['burp*.xml'],
  countingUnit:
    'One kind of issue on one host at one severity, in however many places and parameters, as for ZAP; suppressed ones apart.',
  severities: severityTable,
  detects({ text }) {
    const start = xmlStart(text);
    if (start?.root !== 'issues') return false;
    return /\sburpVersion\s*=/.test(start.attributes) || /<issue>\s*<serialNumber>/.test(text);
  },
  open: (file) => xmlSession(file, handlerFor(file.path)),
};

function handlerFor(path: string): XmlHandler {
  const items = new Map<string, SecurityIssue>();
  let instances = 0;
  let version: string | undefined;
  const parts = partsHandler({
    roots: ['issues'],
    parts: ['issues/issue'],
    skip: [
      'requestresponse',
      'issueBackground',
      'issueDetail',
      'issueDetailItems',
      'remediationBackground',
      'remediationDetail',
      'references',
      'vulnerabilityClassifications',
      'collaboratorEvent',
      'infiltratorEvent',
      'staticAnalysis',
      'dynamicAnalysis',
    ],
    part(part) {
      const issue = toIssue(part, path);
      instances += 1;
      const key = JSON.stringify([issue.ids[0], textOf(part, 'host'), issue.severity, issue.suppressedBy]);
      if (!items.has(key)) items.set(key, issue);
    },
    finish: () => ({
      producer: { name: 'burp', ...(version ? { version } : {}) },
      facts: [{ kind: 'security-issues', scope: 'dynamic', items: [...items.values()], scanned: null }],
      notices: instances > items.size ? [`places that these findings were seen at: ${instances}`] : [],
    }),
  });
  return {
    ...parts,
    open(element, depth) {
      if (depth === 1) version = element.attributes['burpVersion'];
      parts.open(element, depth);
    },
  };
}

function toIssue(part: XmlPart, path: string): SecurityIssue {
  const type = textOf(part, 'type');
  const name = textOf(part, 'name');
  if (!type && !name) throw new AqeError('AQE2003', 'an issue has neither a type nor a name', { path });
  const title = shortTitle(name, `issue of type ${type}`);
  const severity = textOf(part, 'severity');
  const place = `${textOf(part, 'host') ?? ''}${textOf(part, 'location') ?? textOf(part, 'path') ?? ''}`;
  const address = addressOf(place.replace(/\s+/g, ' '));
  return {
    ids: [type ? `BURP-${type}` : title],
    severity: severityIn(severityTable, severity),
    cvss: null,
    title,
    ...(address ? { path: address } : {}),
    ...(/^false[ _]positive$/i.test(severity ?? '') ? { suppressedBy: 'false positive' } : {}),
  };
}
