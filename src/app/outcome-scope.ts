import { redeploymentsIn } from '../core/history/redeployments.ts';
import { outcomeStates, type DeploymentFacts, type OutcomeState } from '../core/history/outcome.ts';
import type { HistoryPlace } from '../ports/deployment-history.ts';
import type { OutcomeRecord, Store } from '../ports/store.ts';
import { keptObject } from './kept-json.ts';

/** What a statement says, without who said it where and when. */
export type Content = Pick<OutcomeRecord, 'version' | 'outcome' | 'deployedAt' | 'basis' | 'reason' | 'facts'>;

/** The newest statement that is kept about a deployment, as far as an import asks. */
interface Known {
  readonly createdAt: string;
  readonly digest: string;
  readonly outcome: OutcomeState;
  /** Somebody, or a rollout, said it: they saw it. */
  readonly isFirstHand: boolean;
  readonly isInferred: boolean;
  /** null: it does not say. */
  readonly unplanned: boolean | null;
}

/** What the other deployments say of one: it put an older version back; it was taken out, at that time. */
export interface Found {
  readonly putBack: boolean;
  readonly rolledBackAt: number | null;
}

/** One deployment of an import, of the store, or of both. Small: there may be a million. */
export interface Entry {
  /** Name under which it is kept. */
  deployment: string;
  readonly version: string;
  readonly at: number;
  readonly outcome: OutcomeState;
  readonly live: boolean;
  /** null: only the store has it. */
  readonly row: HistoryPlace | null;
  known: Known | null;
  found: Found | null;
}

/** All that is known of one service in one environment while outcomes are imported. */
export interface Scope {
  readonly service: string;
  readonly environment: string;
  /** By the name that the import gives, else by the name in the store. */
  readonly entries: Map<string, Entry>;
}

/** Records that are read together. */
const pageSize = 20_000;
const dayMs = 86_400_000;

export function digestOf(sha256: (text: string) => string, content: Content): string {
  const { version, outcome, deployedAt, basis, reason, facts } = content;
  // Twice the length that would do for a million.
  return sha256(JSON.stringify([version, outcome, deployedAt, basis, reason, facts])).slice(0, 32);
}

/** Canonical JSON of facts, made for a million of them. */
export function factsText(facts: DeploymentFacts): string {
  const { commit, committedAt, decision, decisionDigest, features, firstCommitAt, recoveredAt, unplanned } = facts;
  const sorted = features && Object.fromEntries(Object.entries(features).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({
    commit,
    committedAt,
    decision,
    decisionDigest,
    features: sorted,
    firstCommitAt,
    recoveredAt,
    unplanned,
  });
}

/** Adds what is kept of the scope: to the entries of the import that it is about, else as entries of its own. @throws AqeError 6xxx. */
export async function addKnown(
  { store, sha256 }: { readonly store: Pick<Store, 'find'>; sha256(text: string): string },
  scope: Scope,
): Promise<void> {
  const { service, environment, entries } = scope;
  let after: string | undefined;
  for (;;) {
    const page = await store.find('outcomes', {
      service,
      environment,
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    for (const record of page) {
      const entry = entries.get(record.deployment);
      const known = knownOf(record, sha256);
      // Oldest first: a later statement takes the place of the one before.
      if (entry?.row) entry.known = known;
      else entries.set(record.deployment, entryOf(record, known));
    }
    if (page.length < pageSize) break;
    after = page.at(-1)!.id;
  }
  joinByVersion(entries);
}

function knownOf(record: OutcomeRecord, sha256: (text: string) => string): Known {
  return {
    createdAt: record.createdAt,
    digest: digestOf(sha256, record),
    outcome: outcomeStates.find((state) => state === record.outcome) ?? 'pending',
    isFirstHand: record.source === 'recorded' || record.source === 'rollout',
    isInferred: record.basis === 'inferred',
    unplanned: record.facts.includes('"unplanned"') ? isUnplanned(record.facts) : null,
  };
}

function isUnplanned(facts: string): boolean {
  return keptObject<DeploymentFacts>(facts, 'outcomes').unplanned === true;
}

function entryOf({ deployment, version, deployedAt, source }: OutcomeRecord, known: Known): Entry {
  const attempted = source === 'github' || source === 'gitlab';
  const live = !known.isInferred && !(attempted && (known.outcome === 'failed' || known.outcome === 'pending'));
  return {
    deployment,
    version,
    at: Date.parse(deployedAt),
    outcome: known.outcome,
    live,
    row: null,
    known,
    found: null,
  };
}

/**
 * A deployment that is kept under its version, as `record` does, and the first of that version that the import has within a day are one:
 * else it would count twice.
 */
function joinByVersion(entries: Scope['entries']): void {
  const byVersion = new Map<string, Entry>();
  for (const entry of entries.values()) {
    if (entry.row !== null || entry.deployment !== entry.version || entry.known?.isInferred) continue;
    byVersion.set(entry.version, entry);
  }
  if (byVersion.size === 0) return;
  const first = new Map<string, Entry>();
  for (const entry of entries.values()) {
    const kept = byVersion.get(entry.version);
    if (!kept || entry.row === null || entry.known !== null || Math.abs(entry.at - kept.at) > dayMs) continue;
    const other = first.get(entry.version);
    if (!other || entry.at < other.at || (entry.at === other.at && entry.deployment < other.deployment))
      first.set(entry.version, entry);
  }
  for (const [version, entry] of first) {
    const kept = byVersion.get(version)!;
    entries.delete(kept.deployment);
    entry.known = kept.known;
    entry.deployment = kept.deployment;
  }
}

/** Whether an import leaves a deployment as somebody said that it is. */
export function isLeft({ known }: Entry): boolean {
  return known !== null && known.isFirstHand && known.outcome !== 'pending';
}

/**
 * Whether a row knows less than what is kept: an export without its statuses, or one of before them, takes nothing back that was seen.
 */
export function isSilent({ row, outcome, live, known }: Entry): boolean {
  return (
    row !== null && outcome === 'pending' && !live && known !== null && !known.isInferred && known.outcome !== 'pending'
  );
}

/** Marks what the deployments, taken together, show of each other. */
export function findRedeployments({ entries }: Scope): void {
  const placed = [...entries.values()].map((entry) => {
    const silent = isSilent(entry);
    const outcome = isLeft(entry) || silent ? entry.known!.outcome : entry.outcome;
    const settled = isLeft(entry) || (outcome !== 'success' && outcome !== 'pending');
    const { at, deployment, version } = entry;
    const live = silent ? outcome !== 'failed' : entry.live;
    return { at, deployment, version, live, settled, entry };
  });
  const { rolledBack, backTo } = redeploymentsIn(placed);
  for (const { entry } of backTo) entry.found = { putBack: true, rolledBackAt: null };
  for (const [{ entry }, at] of rolledBack) entry.found = { putBack: entry.found !== null, rolledBackAt: at };
}
