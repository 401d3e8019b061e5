import { examined } from '../../core/audit/chain.ts';
import type { AuditEntry } from '../../core/audit/event.ts';
import type { Assessment } from '../../core/decision/assessment.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { EvidenceMapping } from '../../core/policy/evidence-mapping.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { BundleArchive, OpenBundle, PackedEvidence } from '../../ports/bundle-archive.ts';
import type { FreezeCalendar } from '../../ports/freeze-calendar.ts';
import type { Identity } from '../../ports/identity.ts';
import type { PolicyHistory } from '../../ports/policy-history.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import type { SourceControl } from '../../ports/source-control.ts';
import type { Store } from '../../ports/store.ts';
import { assess, type AssessDeps, type Assessed } from '../assess.ts';
import { answersFrom, replaying } from './answers.ts';
import { askedAgain, askedOf, bundleNames, type BundleRequest } from './bundle-request.ts';
import { replayingFiles } from './evidence-answers.ts';
import { standingStill } from './write-bundle.ts';

export interface ReadBundleDeps extends Pick<AssessDeps, 'signatures' | 'redact'> {
  readonly archive: BundleArchive;
  readonly identity: Identity;
  /** The readers of report formats, with those of these mappings. */
  readers(mappings: readonly EvidenceMapping[]): Promise<readonly SignalReader[]>;
  readonly json: (value: unknown) => string;
}

export interface ReadBundle extends Assessed {
  /** The decision as it was printed then; evaluating it again gave the same bytes. */
  readonly text: string;
  readonly policy: Policy;
  readonly auditEntries: number;
}

/**
 * Makes the decision of a bundle again, from the evidence in it, without the project, its database or git. Everything is
 * checked on the way: the manifest, the chain of the audit log, and that the decision comes out with the same bytes.
 * @throws AqeError AQE3050 for what is no bundle, AQE3053 for one that was changed, AQE3051 for one of another version.
 */
export async function readBundle(deps: ReadBundleDeps, path: string): Promise<ReadBundle> {
  const bundle = await deps.archive.open(path);
  try {
    checkManifest(bundle, path);
    const request = partOf<BundleRequest>(bundle, bundleNames.request, path);
    const policy = partOf<Policy>(bundle, bundleNames.policy, path);
    const text = bundle.text(bundleNames.decision);
    const decided = partOf<Assessment>(bundle, bundleNames.decision, path);
    const auditEntries = checkAudit(deps.identity, bundle, decided, path);
    const assessed = await assess(await replayingDeps(deps, bundle, request, policy), {
      ...askedAgain(request),
      policy,
    });
    if (deps.json(assessed.assessment) !== text) {
      const parts = (Object.keys(decided) as (keyof Assessment)[]).filter(
        (key) => deps.json(decided[key]) !== deps.json(assessed.assessment[key]),
      );
      throw changed(path, `evaluating it again gives another decision; different: ${parts.slice(0, 5).join(', ')}`);
    }
    return { ...assessed, text, policy, auditEntries };
  } finally {
    await bundle.close();
  }
}

async function replayingDeps(
  deps: ReadBundleDeps,
  bundle: OpenBundle,
  request: BundleRequest,
  policy: Policy,
): Promise<AssessDeps> {
  const answers = answersFrom(bundle.text(bundleNames.answers));
  const readers = await deps.readers(policy.evidence.mappings);
  const noStore = (): never => {
    throw new AqeError('AQE3051', 'a decision is made without writing');
  };
  return {
    signatures: deps.signatures,
    redact: deps.redact,
    ...standingStill(deps, request),
    files: replayingFiles(bundle.files(readers), answers),
    sourceControl: replaying<SourceControl, (typeof askedOf.sourceControl)[number]>(
      'sourceControl',
      askedOf.sourceControl,
      answers,
      ['sameCommit'],
    ),
    policyHistory: {
      ...request.policyHistory,
      ...replaying<PolicyHistory, 'at'>('policyHistory', askedOf.policyHistory, answers),
    },
    freezeCalendar: {
      check: noStore,
      nextFreezes: noStore,
      ...replaying<FreezeCalendar, 'freezesAt'>('freezeCalendar', askedOf.freezeCalendar, answers),
    },
    store: {
      commit: noStore,
      auditLog: noStore,
      auditHead: noStore,
      check: noStore,
      close: async () => undefined,
      ...replaying<Store, 'find'>('store', askedOf.store, answers),
    },
  };
}

interface Manifest {
  readonly texts: readonly { readonly name: string; readonly sha256: string }[];
  readonly evidence: readonly PackedEvidence[];
}

/** Everything the manifest names is there as it was, and nothing else is. */
function checkManifest(bundle: OpenBundle, path: string): void {
  const { texts, evidence } = partOf<Manifest>(bundle, bundleNames.manifest, path);
  const named = new Map([
    ...texts.map(({ name, sha256 }) => [name, sha256] as const),
    ...evidence.map(({ path: of, sha256 }) => [`evidence/${of}`, sha256] as const),
  ]);
  for (const [name, sha256] of named)
    if (bundle.sha256(name) !== sha256) throw changed(path, `${name} is not what the manifest says`);
  const stray = bundle.names.find((name) => name !== bundleNames.manifest && !named.has(name));
  if (stray !== undefined) throw changed(path, `the manifest does not know ${stray}`);
}

/** The slice of the log is whole and tells of this decision. */
function checkAudit({ sha256 }: Identity, bundle: OpenBundle, decided: Assessment, path: string): number {
  const entries = linesOf(bundle.text(bundleNames.audit), path);
  const [first] = entries;
  if (first === undefined) throw changed(path, 'it has no audit log');
  let told = false;
  let before = { seq: first.seq - 1, hash: first.prev };
  for (const entry of entries) {
    const { faults, event } = examined(before, entry, (text) => sha256(text));
    if (faults[0] !== undefined) throw changed(path, faults[0]);
    before = entry;
    told ||=
      event?.action === 'assessment.recorded' &&
      event.target === decided.id &&
      event.decisionDigest === decided.decisionDigest;
  }
  if (!told) throw changed(path, 'its audit log does not tell of the decision');
  return entries.length;
}

function linesOf(text: string, path: string): readonly AuditEntry[] {
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as AuditEntry);
  } catch (cause) {
    throw new AqeError('AQE3050', `${bundleNames.audit} is not JSON`, { path }, cause);
  }
}

function partOf<T>(bundle: OpenBundle, name: string, path: string): T {
  try {
    return JSON.parse(bundle.text(name)) as T;
  } catch (cause) {
    if (cause instanceof AqeError) throw cause;
    throw new AqeError('AQE3050', `${name} is not JSON`, { path }, cause);
  }
}

function changed(path: string, detail: string): AqeError {
  return new AqeError('AQE3053', detail, { path });
}
