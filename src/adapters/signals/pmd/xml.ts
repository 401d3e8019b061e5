import { zonedTime } from '../shared/zoned-time.ts';
import { IssueList, lineFrom } from '../shared/issue-list.ts';
import { severityIn } from '../shared/severity.ts';
import type { XmlElement, XmlHandler } from '../shared/xml.ts';
import { ruleNotices } from './rule-notices.ts';
import { priorities } from './priorities.ts';

const textLimit = 1000;

/** Report of PMD 4 to 7: <file> with <violation>s, and beside them <error>, <suppressedviolation> and <configerror>. */
export function pmdXmlHandler(): XmlHandler {
  const issues = new IssueList();
  const unusable: string[] = [];
  let version: string | undefined;
  let takenAt: string | undefined;
  let file = '';
  let violation: XmlElement['attributes'] | undefined;
  let text = '';

  return {
    roots: ['pmd'],
    wantsText: () => violation !== undefined,
    open({ name, attributes }, depth) {
      if (depth === 1) {
        version = attributes['version'];
        takenAt = zonedTime(attributes['timestamp']);
      } else if (name === 'file') file = attributes['name'] ?? '';
      else if (name === 'violation') {
        violation = attributes;
        text = '';
      } else if (name === 'error') {
        const { filename, msg } = attributes;
        issues.addNotAnalysed({ rule: 'processing-error', message: msg, path: filename });
      } else if (name === 'suppressedviolation') issues.addSuppressed();
      else if (name === 'configerror') unusable.push(attributes['rule'] ?? '?');
    },
    text(piece) {
      if (text.length < textLimit) text = (text + piece).trimStart().slice(0, textLimit);
    },
    close(name) {
      if (name !== 'violation' || !violation) return;
      const { rule, priority, beginline, line } = violation;
      issues.add({
        rule,
        severity: severityIn(priorities, priority),
        message: text,
        path: file,
        line: lineFrom(beginline ?? line),
      });
      violation = undefined;
    },
    finish: () => ({
      producer: { name: 'pmd', ...(version ? { version } : {}) },
      ...(takenAt ? { takenAt } : {}),
      facts: [issues.fact(null)],
      notices: [...issues.notices(), ...ruleNotices(unusable)],
    }),
  };
}
