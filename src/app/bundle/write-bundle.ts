import { readEntry } from '../../core/audit/chain.ts';
import type { AuditEntry } from '../../core/audit/event.ts';
import type { Assessment } from '../../core/decision/assessment.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { ReleaseChange } from '../../core/evidence/change.ts';
import type { BundleArchive, BundleText, PackedEvidence } from '../../ports/bundle-archive.ts';
import type { FreezeCalendar } from '../../ports/freeze-calendar.ts';
import type { PolicyHistory } from '../../ports/policy-history.ts';
import type { SourceControl } from '../../ports/source-control.ts';
import type { RecordQuery, RecordTableName, Store, StoreRecords } from '../../ports/store.ts';
import { assess } from '../assess.ts';
import type { Workspace } from '../workspace.ts';
import { answersText, recording, type Answers } from './answers.ts';
import { askedAgain, askedOf, bundleNames, type BundleRequest } from './bundle-request.ts';
import { recordingFiles } from './evidence-answers.ts';

export interface BundleAsked {
  readonly version: string;
  /** Where to, relative to the current folder. */
  readonly output: string;
  readonly includeSecrets: boolean;
  /** Turns an assessment into its JSON, as it was printed and kept. */
  readonly json: (value: unknown) => string;
}

export interface WrittenBundle {
  readonly assessment: Assessment;
  readonly evidence: number;
  readonly auditEntries: number;
}

/**
 * Packs the newest decision on a release with everything that it was made from. It is made once more, as of then, and has to
 * come out with the same bytes: so a bundle that was written can be evaluated again by anybody.
 * @throws AqeError AQE3054 without a decision, AQE3052 if what it was made from is there no more; 6xxx.
 */
export async function writeBundle(
  workspace: Workspace,
  archive: BundleArchive,
  asked: BundleAsked,
): Promise<WrittenBundle> {
  const { service, environment } = workspace.policy;
  const query = { service, version: asked.version, environment };
  const [stored] = await workspace.store.find('assessments', { ...query, order: 'newest', limit: 1 });
  if (stored === undefined)
    throw new AqeError('AQE3054', `${service} ${asked.version} was never assessed for ${environment}`);
  const decided = JSON.parse(stored.body) as Assessment;
  const request = requestOf(workspace, decided);
  const answers: Answers = new Map();
  const packed = new Map<string, PackedEvidence>();
  const { assessment } = await assess(recordingDeps(workspace, decided, request, answers, packed), {
    ...askedAgain(request),
    policy: workspace.policy,
  });
  const text = asked.json(assessment);
  if (text !== stored.body) throw notTheSame(decided, assessment);
  const people = await peopleTexts(workspace.store, query);
  const [envelope] = (await workspace.store.find('envelopes', query)).filter(({ id }) => id === stored.id);
  const slice = await auditSlice(workspace.store, decided);
  const texts: readonly BundleText[] = [
    { name: bundleNames.request, text: asked.json(request) },
    { name: bundleNames.policy, text: asked.json(workspace.policy) },
    { name: bundleNames.answers, text: answersText(answers) },
    { name: bundleNames.decision, text },
    { name: bundleNames.people, text: asked.json(people) },
    { name: bundleNames.audit, text: slice.map((entry) => `${JSON.stringify(entry)}\n`).join('') },
    {
      name: bundleNames.checkpoints,
      text: (await workspace.audit.checkpoints.read()).map((line) => `${line}\n`).join(''),
    },
    ...(envelope ? [{ name: bundleNames.attestation, text: `${envelope.envelope}\n` }] : []),
  ];
  const evidence = [...packed.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const manifest = {
    schemaVersion: '1',
    texts: texts.map(({ name, text: content }) => ({ name, sha256: workspace.identity.sha256(content) })),
    evidence,
  };
  const holdsSecret = asked.includeSecrets ? () => false : (piece: string) => workspace.redact(piece) !== piece;
  await archive.write(
    asked.output,
    [{ name: bundleNames.manifest, text: asked.json(manifest) }, ...texts],
    evidence,
    holdsSecret,
  );
  return { assessment, evidence: evidence.length, auditEntries: slice.length };
}

function requestOf({ policyHistory }: Workspace, decided: Assessment): BundleRequest {
  const { localTime, change } = decided;
  return {
    schemaVersion: '1',
    id: decided.id,
    now: decided.createdAt,
    zone: { name: localTime.timeZone, offsetMinutes: localTime.offsetMinutes },
    release: {
      version: decided.version,
      // Named as it was found, so that a tag that moves later changes nothing.
      ...(change?.head.from === 'tag' ? {} : change ? { revision: change.head.commit } : {}),
    },
    fastTrack: decided.fastTrack && { priority: decided.fastTrack.priority },
    level: decided.checklist.level,
    strict: decided.status === 'APPROVED_WITH_WARNINGS' && decided.exitCode === 1,
    region: decided.region,
    policySource: decided.policySource,
    policyHistory: { places: policyHistory.places, files: policyHistory.files, ref: policyHistory.ref },
  };
}

function recordingDeps(
  workspace: Workspace,
  decided: Assessment,
  request: BundleRequest,
  answers: Answers,
  packed: Map<string, PackedEvidence>,
): Workspace {
  const { policyHistory, freezeCalendar } = workspace;
  const sourceControl = foundAs(workspace.sourceControl, decided.change?.head.from);
  const store = storeBefore(workspace.store, request.now);
  return {
    ...workspace,
    ...standingStill(workspace, request),
    files: recordingFiles(workspace.files, answers, packed),
    sourceControl: recording<SourceControl, (typeof askedOf.sourceControl)[number]>(
      'sourceControl',
      sourceControl,
      askedOf.sourceControl,
      answers,
    ),
    policyHistory: {
      ...request.policyHistory,
      ...recording<PolicyHistory, 'at'>('policyHistory', policyHistory, askedOf.policyHistory, answers),
    },
    freezeCalendar: {
      ...freezeCalendar,
      ...recording<FreezeCalendar, 'freezesAt'>('freezeCalendar', freezeCalendar, askedOf.freezeCalendar, answers),
    },
    store: { ...store, ...recording<Store, 'find'>('store', store, askedOf.store, answers) },
  };
}

/** The commit is named now; the answers say how it was found then. */
function foundAs(sourceControl: SourceControl, from: ReleaseChange['head']['from'] | undefined): SourceControl {
  if (from === undefined) return sourceControl;
  return {
    ...sourceControl,
    async resolve(query) {
      const head = await sourceControl.resolve(query);
      return head && { ...head, from };
    },
    async change(query) {
      const change = await sourceControl.change(query);
      return change && { ...change, head: { ...change.head, from } };
    },
  };
}

/** The clock as it stood then, and the id that the decision got. */
export function standingStill(
  { identity }: Pick<Workspace, 'identity'>,
  { id, now, zone }: BundleRequest,
): Pick<Workspace, 'clock' | 'identity'> {
  return {
    clock: { now: () => new Date(now), zoneAt: () => zone },
    identity: { ...identity, newId: () => id },
  };
}

/** The store as it was just before an instant. */
function storeBefore(store: Store, now: string): Store {
  return {
    ...store,
    async find<T extends RecordTableName>(table: T, query: RecordQuery): Promise<readonly StoreRecords[T][]> {
      return (await store.find(table, query)).filter(({ createdAt }) => createdAt < now);
    },
  };
}

function notTheSame(decided: Assessment, now: Assessment): AqeError {
  const files = decided.evidence
    .filter(({ path, sha256 }) => now.evidence.find((each) => each.path === path)?.sha256 !== sha256)
    .map(({ path }) => path);
  const parts = (Object.keys(decided) as (keyof Assessment)[]).filter(
    (key) => JSON.stringify(decided[key]) !== JSON.stringify(now[key]),
  );
  const what = files.length > 0 ? files.slice(0, 5).join(', ') : parts.slice(0, 5).join(', ');
  return new AqeError('AQE3052', `the decision of ${decided.createdAt} cannot be made again; different: ${what}`);
}

async function peopleTexts(store: Store, query: RecordQuery) {
  const [requests, approvals, reviews, attestations] = await Promise.all([
    store.find('requests', query),
    store.find('approvals', query),
    store.find('reviews', query),
    store.find('attestations', { service: query.service, ...(query.version ? { version: query.version } : {}) }),
  ]);
  return { requests, approvals, reviews, attestations };
}

/** The log from the first entry about the release to the last one. */
async function auditSlice(store: Store, { service, version }: Assessment): Promise<readonly AuditEntry[]> {
  const slice: AuditEntry[] = [];
  let last = -1;
  for (let after = 0; ;) {
    const entries = await store.auditLog({ after });
    if (entries.length === 0) return slice.slice(0, last + 1);
    for (const entry of entries) {
      const event = readEntry(entry);
      const concerns = event?.service === service && event.version === version;
      if (slice.length > 0 || concerns) slice.push(entry);
      if (concerns) last = slice.length - 1;
    }
    after = entries.at(-1)!.seq;
  }
}
