import { contradictionIn } from '../core/history/contradiction.ts';
import { deploymentsOf, type OutcomeBasis, type OutcomeState } from '../core/history/outcome.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Redact } from '../core/secret/redact.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryChunk, HistoryRow } from '../ports/deployment-history.ts';
import type { Identity } from '../ports/identity.ts';
import type { OutcomeRecord, Store } from '../ports/store.ts';
import { statementOf } from './deployments.ts';
import {
  addKnown,
  digestOf,
  factsText,
  findRedeployments,
  isLeft,
  isSilent,
  type Content,
  type Entry,
  type Found,
  type Scope,
} from './outcome-scope.ts';

export interface ImportDeps {
  readonly store: Pick<Store, 'find' | 'commit'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly identity: Identity;
  readonly policy: Pick<Policy, 'service' | 'environment'>;
  readonly redact: Redact;
}

export interface ImportRequest {
  /** Gives all rows, the same ones whenever it is called. */
  rows(): AsyncIterable<HistoryChunk>;
  readonly basis: OutcomeBasis;
  /** Where it comes from, for the audit log. */
  readonly origin: string;
  /** Only what went to the environment, or was of the service, of the policy. */
  readonly only: { readonly environment: boolean; readonly service: boolean };
  /** Looks at everything and keeps nothing. */
  readonly dryRun: boolean;
}

export interface Imported {
  readonly rows: number;
  readonly added: number;
  readonly amended: number;
  readonly unchanged: number;
  /** Left as somebody said that they are, or as they were observed. */
  readonly left: number;
  /** Rows of other services or environments than the ones that are meant. */
  readonly elsewhere: number;
  /** What those rows name, in the order of their first rows; at most twenty. */
  readonly elsewhereIn: readonly { readonly service: string; readonly environment: string }[];
  /** Taken out by putting an older version back. */
  readonly rolledBack: number;
  /** Of all rows, as they count now. */
  readonly outcomes: Readonly<Record<OutcomeState, number>>;
  readonly scopes: readonly { readonly service: string; readonly environment: string; readonly rows: number }[];
  readonly from: string | null;
  readonly to: string | null;
  readonly notices: readonly string[];
}

/** Other services and environments that are named. */
const mostElsewhere = 20;

/** Statements of one transaction. */
const batchSize = 5_000;

/**
 * Takes in what other systems know of deployments. Everything is read and checked first: if anything of it cannot be, nothing is kept.
 * Then it is written in transactions of some thousand statements, each with an entry in the audit log; a run that is interrupted leaves
 * whole statements, and the same run completes it. What is kept already is not stated again; a statement that changed amends. Where
 * somebody said how a deployment ended, that stays; what is inferred never takes the place of what was observed, and an attempt of
 * which nothing is said none of what was seen of it.
 * @throws AqeError AQE2013 and AQE2014 with the place in the file; 6xxx.
 */
export async function importOutcomes(deps: ImportDeps, request: ImportRequest): Promise<Imported> {
  const { basis } = request;
  const now = deps.clock.now();
  const sha256 = (text: string): string => deps.identity.sha256(text);
  const scopes = new Map<string, Scope>();
  const notices: string[] = [];
  const elsewhereIn = new Map<string, { readonly service: string; readonly environment: string }>();
  let elsewhere = 0;
  for await (const chunk of request.rows()) {
    notices.push(...chunk.notices);
    for (const row of chunk.rows) {
      const stated = statedBy(deps, request, row);
      if (stated !== null) {
        addRow(scopes, stated, now.getTime());
        continue;
      }
      elsewhere += 1;
      const place = placeOf(deps, row);
      if (elsewhereIn.size < mostElsewhere) elsewhereIn.set(scopeKey(place), place);
    }
  }
  for (const scope of scopes.values()) {
    await addKnown({ store: deps.store, sha256 }, scope);
    if (basis === 'observed') findRedeployments(scope);
  }

  const writer = batchesOf(deps, request, now.toISOString());
  const counts = { added: 0, amended: 0, unchanged: 0, left: 0, rolledBack: 0 };
  const outcomes = { success: 0, failed: 0, 'rolled-back': 0, hotfixed: 0, pending: 0 };
  const rowsOf = new Map<Scope, number>();
  let [from, to, rows]: [string | null, string | null, number] = [null, null, 0];
  const observed = new Map([...scopes.values()].map((scope) => [scope, observedVersions(scope)]));
  for await (const chunk of request.rows()) {
    for (const row of chunk.rows) {
      const stated = statedBy(deps, request, row);
      if (stated === null) continue;
      const scope = scopes.get(scopeKey(stated));
      const entry = scope?.entries.get(stated.deployment);
      if (!scope || !entry || !isSame(stated, entry, now.getTime()))
        throw new AqeError('AQE2014', 'it changed while it was imported: import it again', { ...row.place });
      rows += 1;
      rowsOf.set(scope, (rowsOf.get(scope) ?? 0) + 1);
      if (from === null || stated.deployedAt < from) from = stated.deployedAt;
      if (to === null || stated.deployedAt > to) to = stated.deployedAt;
      const isKnownBetter =
        basis === 'inferred' && (entry.known?.isInferred === false || observed.get(scope)!.has(stated.version));
      if (isLeft(entry) || isKnownBetter) {
        counts.left += 1;
        if (entry.known) outcomes[entry.known.outcome] += 1;
        continue;
      }
      if (isSilent(entry)) {
        outcomes[entry.known!.outcome] += 1;
        if (!isNews(entry)) counts.unchanged += 1;
        continue;
      }
      const final = withFound(stated, entry);
      outcomes[final.outcome] += 1;
      if (entry.found && entry.found.rolledBackAt !== null) counts.rolledBack += 1;
      const content = contentOf(final, deps, basis);
      const change = changeOf(entry, entry.known && digestOf(sha256, content));
      counts[change] += 1;
      if (change !== 'unchanged') await writer.add({ ...final, ...content }, entry, change);
    }
  }
  for (const scope of scopes.values())
    for (const entry of scope.entries.values()) {
      if ((entry.row !== null && !isSilent(entry)) || !isNews(entry)) continue;
      counts.amended += 1;
      if (entry.found?.rolledBackAt !== null) counts.rolledBack += 1;
      const amendment = await amendmentOf(deps, scope, entry);
      await writer.add({ ...amendment, ...contentOf(amendment, deps, basis) }, entry, 'amended');
    }
  await writer.end();
  const found = [...scopes.values()].map((scope) => ({
    service: scope.service,
    environment: scope.environment,
    rows: rowsOf.get(scope) ?? 0,
  }));
  return {
    rows,
    ...counts,
    elsewhere,
    elsewhereIn: [...elsewhereIn.values()],
    outcomes,
    scopes: found,
    from,
    to,
    notices: [...new Set(notices)],
  };
}

/** A row with its service and environment, free of secrets. */
interface Stated extends Omit<HistoryRow, 'service' | 'environment'> {
  readonly service: string;
  readonly environment: string;
}

/** null for what is not meant. Facts are redacted where they become text. */
function statedBy({ policy, redact }: ImportDeps, { only }: ImportRequest, row: HistoryRow): Stated | null {
  const environment = named(row.environment, policy.environment);
  const service = named(row.service, policy.service);
  if ((only.environment && environment !== policy.environment) || (only.service && service !== policy.service))
    return null;
  const version = redact(row.version);
  return {
    ...row,
    version,
    deployment: row.deployment === row.version ? version : redact(row.deployment),
    environment: redact(environment),
    service: redact(service),
    reason: redact(row.reason),
  };
}

/** Where a row says that it went. */
function placeOf({ policy, redact }: ImportDeps, row: HistoryRow): Pick<Stated, 'service' | 'environment'> {
  return {
    service: redact(named(row.service, policy.service)),
    environment: redact(named(row.environment, policy.environment)),
  };
}

/** Other systems write `Production` for what the config calls `production`. */
function named(text: string | null, own: string): string {
  return text === null || text.toLowerCase() === own.toLowerCase() ? own : text;
}

function scopeKey({ service, environment }: Pick<Stated, 'service' | 'environment'>): string {
  return JSON.stringify([service, environment]);
}

function contentOf(
  { version, outcome, deployedAt, reason, facts }: Stated,
  { redact }: ImportDeps,
  basis: OutcomeBasis,
): Content {
  return { version, outcome, deployedAt, basis, reason, facts: redact(factsText(facts)) };
}

/** Whether a row is the one that was checked, as far as anything was worked out from it. */
function isSame(stated: Stated, { at, version, outcome, row }: Entry, now: number): boolean {
  const isUnchanged = row !== null && Date.parse(stated.deployedAt) === at && stated.version === version;
  return isUnchanged && stated.outcome === outcome && contradictionIn(stated, now) === null;
}

/** @throws AqeError AQE2013. */
function addRow(scopes: Map<string, Scope>, stated: Stated, now: number): void {
  const { service, environment, deployment, version, outcome, live, place } = stated;
  const contradiction = contradictionIn(stated, now);
  if (contradiction !== null) throw new AqeError('AQE2013', contradiction, { ...place });
  const key = scopeKey(stated);
  const scope = scopes.get(key) ?? { service, environment, entries: new Map<string, Entry>() };
  scopes.set(key, scope);
  const other = scope.entries.get(deployment);
  if (other !== undefined) {
    const first = `${other.row?.path ?? ''}${other.row?.line === undefined ? '' : `:${other.row.line}`}`;
    throw new AqeError(
      'AQE2013',
      `deployment ${JSON.stringify(deployment)} stands at ${first} already; if the version was deployed twice, name both in a column \`deployment\``,
      { ...place },
    );
  }
  const at = Date.parse(stated.deployedAt);
  scope.entries.set(deployment, { deployment, version, at, outcome, live, row: place, known: null, found: null });
}

/** Versions of which somebody or something saw how they went. */
function observedVersions({ entries }: Scope): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { known, version } of entries.values()) if (known && !known.isInferred) seen.add(version);
  return seen;
}

/** What is stated in the end: with what the other deployments show. */
function withFound(stated: Stated, { found, known }: Entry): Stated {
  if (found?.putBack) return { ...stated, ...foundWords(stated, found) };
  // An import that knew less may have said that it put an older version back: what is left out would go on to hold.
  const isTaken =
    known !== null && !known.isFirstHand && known.unplanned !== null && stated.facts.unplanned === undefined;
  const own = isTaken ? { ...stated, facts: { ...stated.facts, unplanned: false } } : stated;
  return found === null ? own : { ...own, ...foundWords(own, found) };
}

type FoundWords = Pick<Stated, 'outcome' | 'reason' | 'facts'>;

function foundWords({ outcome, reason, facts }: FoundWords, { putBack, rolledBackAt }: Found): FoundWords {
  // Its features are those of the release that went out first: they must not count again.
  const own = putBack ? { ...facts, unplanned: true, features: {} } : facts;
  if (rolledBackAt === null) return { outcome, reason: reason || 'it put an older version back', facts: own };
  return {
    outcome: 'rolled-back',
    reason: reason || 'an older version was put back in its place',
    facts: { ...own, recoveredAt: own.recoveredAt ?? new Date(rolledBackAt).toISOString() },
  };
}

function changeOf({ known }: Entry, digest: string | null): 'added' | 'amended' | 'unchanged' {
  if (known === null) return 'added';
  return known.digest === digest ? 'unchanged' : 'amended';
}

/** Whether the import shows something new of a deployment that only the store has. */
function isNews(entry: Entry): boolean {
  const { found, known } = entry;
  if (found === null || known === null || isLeft(entry)) return false;
  return found.rolledBackAt !== null || known.unplanned !== true;
}

/** What is kept of a deployment, with what the import shows of it. */
async function amendmentOf(
  { store }: ImportDeps,
  scope: Scope,
  { version, deployment, found }: Entry,
): Promise<Stated> {
  const { service, environment } = scope;
  const records = await store.find('outcomes', { service, environment, version });
  const said = deploymentsOf(records.map(statementOf)).find((each) => each.deployment === deployment)!;
  const source = said.source as HistoryRow['source'];
  return { ...said, source, live: true, place: { path: '' }, ...foundWords(said, found!) };
}

/** What of a statement is kept. */
type Kept = Content & Pick<Stated, 'service' | 'environment' | 'source'>;

interface Batches {
  add(said: Kept, entry: Entry, change: 'added' | 'amended'): Promise<void>;
  /** Writes what is left. */
  end(): Promise<void>;
}

function batchesOf(deps: ImportDeps, { basis, origin, dryRun }: ImportRequest, now: string): Batches {
  const { identity, policy, store } = deps;
  const by = identity.osUser();
  let held: OutcomeRecord[] = [];
  let amended = 0;
  let batch = 0;
  const write = async (): Promise<void> => {
    const outcomes = held;
    batch += 1;
    const event: AuditEvent = {
      id: identity.newId(),
      at: now,
      action: 'outcomes.imported',
      outcome: 'done',
      actor: { id: by, method: 'os-user', key: null },
      service: policy.service,
      version: '',
      environment: policy.environment,
      target: origin,
      decisionDigest: null,
      reason: `${basis} outcomes of deployments`,
      details: {
        basis,
        batch: `${batch}`,
        added: `${outcomes.length - amended}`,
        amended: `${amended}`,
        environments: [...new Set(outcomes.map(({ environment }) => environment))].sort().slice(0, 20).join(', '),
      },
    };
    held = [];
    amended = 0;
    await store.commit({ outcomes }, [event]);
  };
  return {
    async add(said, entry, change) {
      if (dryRun) return;
      held.push(recordOf(said, entry, { id: identity.newId(), by, now }));
      if (change === 'amended') amended += 1;
      if (held.length >= batchSize) await write();
    },
    async end() {
      if (held.length > 0) await write();
    },
  };
}

function recordOf(
  { service, environment, version, outcome, deployedAt, basis, source, reason, facts }: Kept,
  { deployment, known }: Entry,
  { id, by, now }: { readonly id: string; readonly by: string; readonly now: string },
): OutcomeRecord {
  // A clock that was set back must not make it the older statement.
  const createdAt = known !== null && known.createdAt > now ? known.createdAt : now;
  return {
    id,
    service,
    version,
    environment,
    deployment,
    outcome,
    deployedAt,
    basis,
    source,
    reason,
    by,
    identity: by,
    facts,
    createdAt,
  };
}
