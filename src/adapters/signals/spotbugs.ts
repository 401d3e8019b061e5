import { AqeError } from '../../core/error/aqe-error.ts';
import type { SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { instantOfEpoch } from './shared/epoch.ts';
import { IssueList } from './shared/issue-list.ts';
import { severityIn } from './shared/severity.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';
import { Bug } from './spotbugs/bug.ts';

const severityTable: SeverityTable = {
  words: {
    '1': 'high',
    high: 'high',
    '2': 'medium',
    normal: 'medium',
    '3': 'low',
    low: 'low',
    '4': 'info',
    '5': 'info',
  },
  note: 'The priority of a bug, by which SpotBugs itself sets thresholds and sums up; its rank is not used.',
};

/**
 * SpotBugs and FindBugs XML. Bugs of category SECURITY are findings of a security scan, all others code issues. Classes that
 * could not be analysed make the report unusable; classes that were only missing from the class path are a notice.
 */
export const spotbugs: SignalReader = {
  id: 'spotbugs',
  title: 'SpotBugs XML',
  gives: ['code-issues', 'security-issues'],
  names: ['spotbugs*.xml', 'findbugs*.xml'],
  countingUnit: 'One <BugInstance>; those that a later version has removed or a reviewer has dismissed are suppressed.',
  severities: severityTable,
  detects: ({ text }) => xmlStart(text)?.root === 'BugCollection',
  open: (file) => xmlSession(file, handlerFor(file.path)),
};

function handlerFor(path: string): XmlHandler {
  const issues = new IssueList();
  const security: SecurityIssue[] = [];
  let root: XmlElement['attributes'] = {};
  let summary: XmlElement['attributes'] | undefined;
  let findsSecurity = false;
  // Versions that do not declare the numbers list the elements.
  const listed = { failures: 0, missingClasses: 0 };
  let failures = 0;
  let missingClasses = 0;
  let bugs = 0;
  /** Class that <file> names in the XML of old Maven plugins. */
  let className: string | undefined;
  let bug: Bug | undefined;

  const takeBug = (taken: Bug): void => {
    bugs += 1;
    const { type, category, message, place, dismissed } = taken;
    const severity = severityIn(severityTable, taken.priority);
    if (category === 'SECURITY') {
      security.push({
        ids: [type],
        severity,
        cvss: null,
        title: message,
        ...(place.path ? { path: place.path } : {}),
        ...(place.line ? { line: place.line } : {}),
        ...(dismissed ? { suppressedBy: dismissed } : {}),
      });
    } else if (dismissed) issues.addSuppressed();
    else issues.add({ rule: type, severity, message, ...place });
  };
  const declared = (attributes: XmlElement['attributes'], name: string): number => {
    const text = attributes[name] ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : 0;
  };

  return {
    roots: ['BugCollection'],
    wantsText: () => bug?.wantsText() ?? false,
    text: (piece) => bug?.text(piece),
    open({ name, attributes }, depth) {
      if (bug) bug.open(name, attributes);
      else if (depth === 1) root = attributes;
      else if (name === 'BugInstance') bug = new Bug(attributes, className);
      else if (name === 'file') className = attributes['classname'];
      else if (name === 'Plugin') findsSecurity ||= isSecurityPlugin(attributes);
      else if (name === 'Errors') {
        failures = Math.max(failures, declared(attributes, 'errors'));
        missingClasses = Math.max(missingClasses, declared(attributes, 'missingClasses'));
      } else if ((name === 'Error' && depth === 3) || name === 'AnalysisError') listed.failures += 1;
      else if (name === 'MissingClass') listed.missingClasses += 1;
      else if (name === 'FindBugsSummary') summary = attributes;
    },
    close(name) {
      if (!bug) return;
      if (name !== 'BugInstance') return bug.close(name);
      takeBug(bug);
      bug = undefined;
    },
    finish() {
      failures = Math.max(failures, listed.failures);
      missingClasses = Math.max(missingClasses, listed.missingClasses);
      if (failures > 0)
        throw new AqeError('AQE2006', `errors of the analysis: ${failures}; what they left out is not known`, { path });
      if (bugs === 0 && summary?.['total_classes'] === '0')
        throw new AqeError('AQE2007', 'no class was analysed', { path });
      const total = summary?.['total_bugs'];
      const takenAt = instantOfEpoch(root['analysisTimestamp']);
      const version = root['version'];
      return {
        producer: { name: 'spotbugs', ...(version ? { version } : {}) },
        ...(takenAt ? { takenAt } : {}),
        facts: [
          issues.fact(null),
          // Without the plugin only a few patterns concern security: none of them found is no scan.
          ...(security.length > 0 || findsSecurity
            ? [{ kind: 'security-issues', scope: 'code', items: security, scanned: null } as const]
            : []),
        ],
        notices: [
          ...(total !== undefined && total !== String(bugs)
            ? [`the summary declares ${total.slice(0, 12)} bugs and ${bugs} are listed; the list is counted`]
            : []),
          ...(missingClasses > 0
            ? [`classes missing from the class path, without which the analysis sees less: ${missingClasses}`]
            : []),
        ],
      };
    },
  };
}

function isSecurityPlugin({ id = '', enabled }: XmlElement['attributes']): boolean {
  return /findsecbugs/i.test(id) && enabled !== 'false';
}
