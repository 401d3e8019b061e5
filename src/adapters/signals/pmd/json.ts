import * as z from 'zod/mini';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { zonedTime } from '../shared/zoned-time.ts';
import { IssueList } from '../shared/issue-list.ts';
import { jsonSession } from '../shared/json.ts';
import { onFirstUse, text } from '../shared/schema.ts';
import { severityIn } from '../shared/severity.ts';
import { priorities } from './priorities.ts';
import { ruleNotices } from './rule-notices.ts';

const reportSchema = onFirstUse(() => {
  const violation = z.object({
    rule: text,
    description: text,
    priority: z.nullish(z.number()),
    beginline: z.nullish(z.number()),
  });
  return z.object({
    pmdVersion: z.string(),
    timestamp: text,
    files: z.array(z.object({ filename: text, violations: z.array(violation) })),
    suppressedViolations: z.nullish(z.array(z.unknown())),
    processingErrors: z.nullish(z.array(z.object({ filename: text, message: text }))),
    configurationErrors: z.nullish(z.array(z.object({ rule: text }))),
  });
});

export function pmdJsonSession(file: { readonly path: string }): ReadingSession {
  return jsonSession(file, reportSchema(), (report) => {
    const issues = new IssueList();
    for (const { filename, violations } of report.files)
      for (const { rule, description, priority, beginline } of violations)
        issues.add({
          rule,
          severity: severityIn(priorities, priority?.toString()),
          message: description,
          path: filename,
          line: beginline,
        });
    for (const { filename, message } of report.processingErrors ?? [])
      issues.addNotAnalysed({ rule: 'processing-error', message, path: filename });
    for (const _ of report.suppressedViolations ?? []) issues.addSuppressed();
    const takenAt = zonedTime(report.timestamp);
    return {
      producer: { name: 'pmd', ...(report.pmdVersion ? { version: report.pmdVersion } : {}) },
      ...(takenAt ? { takenAt } : {}),
      facts: [issues.fact(null)],
      notices: [
        ...issues.notices(),
        ...ruleNotices((report.configurationErrors ?? []).map((error) => error.rule ?? '?')),
      ],
    };
  });
}
