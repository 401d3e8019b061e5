import type { SeverityTable } from '../../../ports/signal-reader.ts';
import { addressOf } from '../shared/address.ts';
import type { IssueList } from '../shared/issue-list.ts';
import { severityIn } from '../shared/severity.ts';
import { shortTitle } from '../shared/short-title.ts';

type Text = string | null | undefined;

export const severityTable: SeverityTable = {
  words: { critical: 'critical', serious: 'high', moderate: 'medium', minor: 'low' },
  note: 'The impact on the element; where it has none of its own, that of the rule.',
};

/** One element that violates a rule. */
export function addIssue(
  issues: IssueList,
  { rule, impact, url, help, element }: Readonly<Record<'rule' | 'impact' | 'url' | 'help' | 'element', Text>>,
): void {
  const what = shortTitle(help, rule || 'no rule');
  issues.add({
    rule,
    severity: severityIn(severityTable, impact),
    message: element ? `${what} (${shortTitle(element, '')})` : what,
    path: addressOf(url),
  });
}
