import { AqeError } from '../../core/error/aqe-error.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { redactor } from '../../core/secret/redact.ts';
import type { OpenBundle } from '../../ports/bundle-archive.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FreezeCalendar } from '../../ports/freeze-calendar.ts';
import type { Identity } from '../../ports/identity.ts';
import type { PolicyHistory } from '../../ports/policy-history.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import type { SignatureCheck } from '../../ports/signer.ts';
import type { SourceControl } from '../../ports/source-control.ts';
import type { Store } from '../../ports/store.ts';
import type { EvidenceMapping } from '../../core/policy/evidence-mapping.ts';
import { assess, type AssessDeps, type Assessed } from '../assess.ts';
import { replaying, type Answers } from './answers.ts';
import { objectIn, parsedJson } from './bundle-json.ts';
import { askedAgain, askedOf, bundleNames, requestFrom, type BundleRequest } from './bundle-request.ts';
import { replayingFiles } from './evidence-answers.ts';

export interface ReplayDeps {
  readonly identity: Identity;
  readonly signatures: SignatureCheck;
  /** The readers of report formats, with those of these mappings. */
  readers(mappings: readonly EvidenceMapping[]): Promise<readonly SignalReader[]>;
}

export interface Replayed extends Assessed {
  readonly policy: Policy;
}

/**
 * Makes the decision again from what is in a bundle, and from nothing else.
 * @throws AqeError AQE3050 and AQE3051 for whatever the parts of the bundle do to it.
 */
export async function replay(deps: ReplayDeps, bundle: OpenBundle): Promise<Replayed> {
  const part = (name: string): unknown => parsedJson(bundle.text(name), name);
  const request = requestFrom(part(bundleNames.request));
  const answers: Answers = new Map(Object.entries(objectIn(part(bundleNames.answers), bundleNames.answers)));
  const policy = objectIn(part(bundleNames.policy), bundleNames.policy) as unknown as Policy;
  try {
    const readers = await deps.readers(policy.evidence.mappings);
    const found = await assess(replayingDeps(deps, bundle.files(readers), request, answers), {
      ...askedAgain(request),
      policy,
    });
    return { ...found, policy };
  } catch (cause) {
    throw unfit(cause);
  }
}

/** Parts that are not of our shapes break the evaluation in ways that nobody lists. The cause is kept, as it may be a bug. */
function unfit(cause: unknown): AqeError {
  if (cause instanceof AqeError)
    return cause.code === 'AQE3050' || cause.code === 'AQE3051'
      ? cause
      : new AqeError('AQE3051', `${cause.message} [${cause.code}]`, {}, cause);
  const words = cause instanceof Error ? `${cause.name}: ${cause.message.slice(0, 200)}` : String(cause);
  return new AqeError('AQE3051', `its parts do not fit together (${words})`, {}, cause);
}

function replayingDeps(
  deps: ReplayDeps,
  files: AssessDeps['files'],
  request: BundleRequest,
  answers: Answers,
): AssessDeps {
  const unasked = (): never => {
    throw new AqeError('AQE3051', 'a decision asks for something that no bundle holds');
  };
  return {
    signatures: deps.signatures,
    ...standingStill(deps, request),
    files: replayingFiles(files, answers),
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
      check: unasked,
      nextFreezes: unasked,
      ...replaying<FreezeCalendar, 'freezesAt'>('freezeCalendar', askedOf.freezeCalendar, answers),
    },
    store: {
      commit: unasked,
      auditLog: unasked,
      auditHead: unasked,
      check: unasked,
      close: async () => undefined,
      ...replaying<Store, 'find'>('store', askedOf.store, answers),
    },
  };
}

/** The clock as it stood then, the id that the decision got, and no secrets but those that every machine knows. */
export function standingStill(
  { identity }: { readonly identity: Identity },
  { id, now, zone }: BundleRequest,
): { readonly clock: Clock; readonly identity: Identity; readonly redact: AssessDeps['redact'] } {
  return {
    clock: { now: () => new Date(now), zoneAt: () => zone },
    identity: { ...identity, newId: () => id },
    redact: redactor([]),
  };
}
