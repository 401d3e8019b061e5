import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { isLine } from './shared/is-line.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { shortTitle } from './shared/short-title.ts';

/** Keys of version 8, which begin with capitals, and of versions 1 to 7, which do not. */
const schemas = onFirstUse(() => {
  const number = z.nullish(z.number());
  const leakSchema = z.object({
    RuleID: text,
    Description: text,
    File: text,
    StartLine: number,
    Secret: text,
    rule: text,
    reason: text,
    file: text,
    lineNumber: number,
    offender: text,
    severity: text,
  });
  return { leakSchema, schema: z.nullable(z.array(leakSchema)) };
});

type Leak = z.infer<ReturnType<typeof schemas>['leakSchema']>;

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', low: 'low', info: 'info' },
  note: 'Only some old versions let a rule state a severity. Elsewhere a secret in the open counts as high.',
};

/** Gitleaks JSON of version 1 to 8. The secret itself and the line it stands in are never taken over. */
export const gitleaks: SignalReader = {
  id: 'gitleaks',
  title: 'Gitleaks JSON',
  gives: ['security-issues'],
  names: ['gitleaks*.json'],
  countingUnit: 'One secret that one rule finds at one line of one file, however many commits carry it.',
  severities: severityTable,
  detects(head) {
    // A clean run leaves nothing to tell it by.
    if (/^\s*(null|\[\s*\])\s*$/.test(head.text)) return /gitleaks/i.test(head.path);
    const value = jsonHead(head.text);
    const first = objectOf(Array.isArray(value) ? value[0] : undefined);
    return (
      (typeof first['RuleID'] === 'string' && ['Secret', 'Match', 'Fingerprint'].some((key) => key in first)) ||
      (typeof first['offender'] === 'string' && 'commit' in first && ('rule' in first || 'reason' in first))
    );
  },
  open: (file) => jsonSession(file, schemas().schema, (leaks) => toReading(leaks ?? [], file.path)),
};

function toReading(leaks: readonly Leak[], path: string): Reading {
  const items = new Map<string, SecurityIssue>();
  leaks.forEach((leak, index) => {
    const rule = leak.RuleID || leak.rule || leak.reason || leak.Description;
    if (!rule) throw new AqeError('AQE2003', `at ${index}: the leak names no rule`, { path });
    const file = leak.File || leak.file;
    const line = leak.StartLine ?? leak.lineNumber;
    const key = JSON.stringify([rule, file, line, leak.Secret ?? leak.offender]);
    if (items.has(key)) return;
    items.set(key, {
      ids: [rule],
      severity: leak.severity ? severityIn(severityTable, leak.severity) : 'high',
      cvss: null,
      title: shortTitle(leak.Description, rule),
      ...(file ? { path: file } : {}),
      ...(isLine(line) ? { line } : {}),
    });
  });
  const again = leaks.length - items.size;
  return {
    producer: { name: 'gitleaks' },
    facts: [{ kind: 'security-issues', scope: 'secrets', items: [...items.values()], scanned: null }],
    notices: again > 0 ? [`the same secret at the same place in further commits, counted once: ${again}`] : [],
  };
}
