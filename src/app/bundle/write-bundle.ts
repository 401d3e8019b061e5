import type { Assessment } from '../../core/decision/assessment.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import { redactDeep } from '../../core/secret/redact.ts';
import type { BundleArchive, BundleText } from '../../ports/bundle-archive.ts';
import type { RecordQuery, StoredAssessment } from '../../ports/store.ts';
import { assess } from '../assess.ts';
import { keptObject } from '../kept-json.ts';
import type { Workspace } from '../workspace.ts';
import { answersText } from './answers.ts';
import { decisionLog, statedCheckpoint, type DecisionLog } from './audit-slice.ts';
import { askedAgain, bundleNames, requestOf } from './bundle-request.ts';
import { checkBundle } from './check-bundle.ts';
import { differences } from './differences.ts';
import { recordedDeps } from './recorded-deps.ts';

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
  /** Of the file, lower-case hex. */
  readonly sha256: string;
}

/**
 * Packs the newest decision on a release with everything that it was made from, as things stood then. It is made once more, and
 * once again out of the archive, and has to come out with the same bytes: a bundle that was written can be evaluated by anybody.
 * That it was written is recorded.
 * @throws AqeError AQE3054 without a decision, AQE3052 if what it was made from is there no more, or holds a secret; AQE1007;
 * 6xxx, which says so if the bundle stays.
 */
export async function writeBundle(
  workspace: Workspace,
  archive: BundleArchive,
  asked: BundleAsked,
): Promise<WrittenBundle> {
  const { policy, redact, identity } = workspace;
  const { service, environment } = policy;
  const query = { service, version: asked.version, environment };
  const [stored] = await workspace.store.find('assessments', { ...query, order: 'newest', limit: 1 });
  if (stored === undefined)
    throw new AqeError('AQE3054', `${service} ${asked.version} was never assessed for ${environment}`);
  const decided = decidedIn(stored);
  refuseOtherPolicy(workspace, decided);
  const log = await decisionLog(workspace.store, decided);
  const request = requestOf(decided, workspace.policyHistory);
  let isCleaned = false;
  const clean = (plain: unknown): unknown => {
    const cleaned = redactDeep(plain, redact);
    isCleaned ||= cleaned !== plain;
    return cleaned;
  };
  const { deps, answers, settle } = recordedDeps(workspace, request, decided.change, log, clean);
  const { assessment, input } = await assess(deps, { ...askedAgain(request), policy });
  const text = asked.json(assessment);
  if (text !== stored.body) throw notTheSame(stored, text, { redactedText: redact(text), isCleaned });

  const paths = new Set(input.evidence.map(({ path }) => path));
  const evidence = settle((path) => paths.has(path));
  const [envelope] = (await workspace.store.find('envelopes', query)).filter(({ id }) => id === stored.id);
  const texts: readonly BundleText[] = [
    { name: bundleNames.request, text: asked.json(request) },
    { name: bundleNames.policy, text: asked.json(policy) },
    { name: bundleNames.answers, text: answersText(answers) },
    { name: bundleNames.decision, text },
    { name: bundleNames.people, text: asked.json(clean(await wordsOf(workspace, query, log))) },
    ...(await logTexts(workspace, log)),
    ...(envelope ? [{ name: bundleNames.attestation, text: `${envelope.envelope}\n` }] : []),
  ];
  refuseSecrets(texts, redact);
  const manifest = {
    schemaVersion: '1',
    texts: texts.map(({ name, text: content }) => ({ name, sha256: identity.sha256(content) })),
    evidence,
  };
  const { sha256 } = await archive.write(asked.output, {
    texts: [{ name: bundleNames.manifest, text: asked.json(manifest) }, ...texts],
    evidence,
    holdsSecret: (piece) => !asked.includeSecrets && redact(piece) !== piece,
    async check(bundle) {
      const { readers } = workspace.files;
      try {
        await checkBundle({ ...workspace, json: asked.json, readers: async () => readers }, bundle);
      } catch (cause) {
        if (!(cause instanceof AqeError)) throw cause;
        throw new AqeError('AQE3052', `nobody could evaluate it again: ${cause.detail}`, {}, cause);
      }
    },
  });
  await recordBundle(workspace, decided, asked.output, sha256);
  return { assessment: decided, evidence: evidence.length, auditEntries: log.slice.length, sha256 };
}

/** The policy may have moved on, and be another one for another environment. */
function refuseOtherPolicy({ policySource: now }: Workspace, { policySource: then }: Assessment): void {
  if (now.ref === then.ref && now.commit === then.commit && now.path === then.path) return;
  const shown = ({ path, ref, commit }: typeof now): string =>
    ref === null ? (path ?? 'the defaults') : `${path ?? ''} at ${ref} (${(commit ?? '').slice(0, 9)})`;
  const flag = then.commit === null || then.ref === now.ref ? '' : `; name it: --policy-ref ${then.ref}`;
  throw new AqeError('AQE3052', `its policy was ${shown(then)} and is now ${shown(now)}${flag}`);
}

/** @throws AqeError AQE6002 for a row that is none of ours. */
function decidedIn({ body }: StoredAssessment): Assessment {
  const decided = keptObject<Assessment>(body, 'assessments');
  const { change, checklist, localTime, policySource } = decided;
  if (change === undefined || !checklist || !localTime || !policySource)
    throw new AqeError('AQE6002', 'a row of assessments holds something else than what was written');
  return decided as Assessment;
}

function notTheSame(
  { body, createdAt }: StoredAssessment,
  text: string,
  { redactedText, isCleaned }: { readonly redactedText: string; readonly isCleaned: boolean },
): AqeError {
  if (redactedText === body)
    return new AqeError(
      'AQE3052',
      'it quotes a secret that only this environment knows, and another machine could not take it out',
    );
  const places = differences(causesFirst(JSON.parse(body) as Assessment), causesFirst(JSON.parse(text) as Assessment));
  const what = places.length > 0 ? places.join(', ') : 'the way it is written';
  const why = isCleaned ? '; a text that it was made from, such as the subject of a commit, holds a secret' : '';
  return new AqeError('AQE3052', `the decision of ${createdAt} cannot be made again; different: ${what}${why}`);
}

/** What a decision is made from before what follows from it. */
function causesFirst(assessment: Assessment): object {
  const { policySource, policyDigest, evidence, ignored, change, freezes, comparedWith, ...rest } = assessment;
  return { policySource, policyDigest, evidence, ignored, change, freezes, comparedWith, ...rest };
}

/** What people said until the decision, for people to read; it stands in the answers as well. */
async function wordsOf({ store }: Workspace, { service, version, environment }: RecordQuery, log: DecisionLog) {
  const query = { service, ...(version && { version }), ...(environment && { environment }) };
  const [requests, approvals, reviews, attestations] = await Promise.all([
    store.find('requests', query),
    store.find('approvals', query),
    store.find('reviews', query),
    store.find('attestations', { service, ...(version && { version }) }),
  ]);
  return {
    requests: requests.filter((each) => log.wasThere('requests', each)),
    approvals: approvals.filter((each) => log.wasThere('approvals', each)),
    reviews: reviews.filter((each) => log.wasThere('reviews', each)),
    attestations: attestations.filter((each) => log.wasThere('attestations', each)),
  };
}

/** The slice of the log, and the checkpoints about entries of it. */
async function logTexts({ audit }: Workspace, { slice }: DecisionLog): Promise<readonly BundleText[]> {
  const hashes = new Map(slice.map(({ seq, hash }) => [seq, hash]));
  const checkpoints = (await audit.checkpoints.read()).filter((line) => {
    const checkpoint = statedCheckpoint(line);
    return checkpoint !== null && hashes.get(checkpoint.seq) === checkpoint.hash;
  });
  return [
    { name: bundleNames.audit, text: slice.map((entry) => `${JSON.stringify(entry)}\n`).join('') },
    { name: bundleNames.checkpoints, text: checkpoints.map((line) => `${line}\n`).join('') },
  ];
}

/** What is signed or has a digest cannot be cleaned. Everything else was. */
function refuseSecrets(texts: readonly BundleText[], redact: Workspace['redact']): void {
  for (const { name, text } of texts)
    if (redact(text) !== text)
      throw new AqeError('AQE3052', `${name} would hold what looks like a secret, which a bundle would hand on`);
}

async function recordBundle(
  { store, clock, identity }: Workspace,
  { service, version, environment, decisionDigest, id }: Assessment,
  output: string,
  sha256: string,
): Promise<void> {
  const event = {
    id: identity.newId(),
    at: clock.now().toISOString(),
    action: 'bundle.written',
    outcome: 'done',
    actor: { id: identity.osUser(), method: 'os-user', key: null },
    service,
    version,
    environment,
    target: output.split(/[/\\]/).at(-1) ?? '',
    decisionDigest,
    reason: '',
    details: { sha256, assessment: id },
  } as const;
  try {
    await store.commit({}, [event]);
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    const said = error.code === 'AQE6007' || error.code === 'AQE6008' ? '' : '; that it was written is not recorded';
    throw new AqeError(
      error.code,
      `${error.detail}; the bundle is whole and stays at ${output}${said}`,
      error.context,
      error,
    );
  }
}
