import * as z from 'zod/mini';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession, SeverityTable } from '../../../ports/signal-reader.ts';
import { IssueList } from '../shared/issue-list.ts';
import { jsonSession } from '../shared/json.ts';
import { onFirstUse, text, wholeNumber } from '../shared/schema.ts';
import { severityIn } from '../shared/severity.ts';
import { isNotAnalysed } from './not-analysed.ts';

const reportSchema = onFirstUse(() => {
  const message = z.object({
    type: z.string(),
    path: text,
    line: z.nullish(z.number()),
    symbol: text,
    message: text,
    'message-id': text,
    messageId: text,
  });
  const statistics = z.object({
    messageTypeCount: z.nullish(z.record(z.string(), z.number())),
    modulesLinted: z.nullish(wholeNumber),
  });
  return z.union([
    z.pipe(
      z.array(message),
      z.transform((messages) => ({ messages, statistics: null })),
    ),
    z.object({ messages: z.array(message), statistics: z.nullish(statistics) }),
  ]);
});

/** `json` is the list of messages alone, `json2` adds statistics; what it calls modules counts some of them twice. */
export function pylintJsonSession(file: { readonly path: string }, severities: SeverityTable): ReadingSession {
  return jsonSession(file, reportSchema(), ({ messages, statistics }) => {
    if (messages.length === 0 && statistics?.modulesLinted === 0)
      throw new AqeError('AQE2007', 'no module was linted', { path: file.path });
    const issues = new IssueList();
    for (const { type, path, line, symbol, message, ...rest } of messages) {
      const id = rest['message-id'] ?? rest.messageId;
      const issue = { rule: symbol || id, message, path, line };
      if (isNotAnalysed(id, symbol)) issues.addNotAnalysed(issue);
      else issues.add({ ...issue, severity: severityIn(severities, type) });
    }
    const declared = Object.values(statistics?.messageTypeCount ?? {}).reduce((sum, count) => sum + count, 0);
    return {
      producer: { name: 'pylint' },
      facts: [issues.fact(null)],
      notices: [
        ...issues.notices(),
        ...(statistics?.messageTypeCount && declared !== messages.length
          ? [`the statistics declare ${declared} messages and ${messages.length} are listed; the list is counted`]
          : []),
      ],
    };
  });
}
