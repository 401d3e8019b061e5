import { readEntry } from './chain.ts';
import type { AuditEntry } from './event.ts';

/** One entry as an auditor samples it. Every value is text; empty where nothing is known. */
export interface ExportRow {
  readonly seq: string;
  readonly time: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor: string;
  readonly method: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly target: string;
  readonly decisionDigest: string;
  /** Who wrote the change. */
  readonly authors: string;
  /** Who approved the decision, as known when the export is made. */
  readonly approvers: string;
  /** When the evidence was taken. */
  readonly evidenceEarliest: string;
  readonly evidenceLatest: string;
  readonly reason: string;
  readonly hash: string;
}

export const exportColumns = [
  'seq',
  'time',
  'action',
  'outcome',
  'actor',
  'method',
  'service',
  'version',
  'environment',
  'target',
  'decisionDigest',
  'authors',
  'approvers',
  'evidenceEarliest',
  'evidenceLatest',
  'reason',
  'hash',
] as const satisfies readonly (keyof ExportRow)[];

/** `known` completes what the event does not say itself. Null for an entry that says nothing. */
export function exportRow(entry: AuditEntry, known: Readonly<Record<string, string>>): ExportRow | null {
  const event = readEntry(entry);
  if (event === null) return null;
  const fact = (name: string): string => event.details[name] ?? known[name] ?? '';
  return {
    seq: String(entry.seq),
    time: event.at,
    action: event.action,
    outcome: event.outcome,
    actor: event.actor.id,
    method: event.actor.method,
    service: event.service,
    version: event.version,
    environment: event.environment,
    target: event.target,
    decisionDigest: event.decisionDigest ?? '',
    authors: fact('authors'),
    approvers: fact('approvers'),
    evidenceEarliest: fact('evidenceEarliest'),
    evidenceLatest: fact('evidenceLatest'),
    reason: event.reason,
    hash: entry.hash,
  };
}
