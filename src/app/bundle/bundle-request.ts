import type { AssessInput } from '../assess.ts';
import type { Assessment } from '../../core/decision/assessment.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { PolicyHistory } from '../../ports/policy-history.ts';
import { isText, isTextOrNull, objectIn } from './bundle-json.ts';

/** How a decision was asked for, and what no port answers: enough to ask for it again. */
export interface BundleRequest extends Omit<AssessInput, 'policy' | 'region' | 'artifact'> {
  readonly schemaVersion: '1';
  readonly id: string;
  /** ISO-8601 UTC. */
  readonly now: string;
  readonly zone: { readonly name: string; readonly offsetMinutes: number };
  readonly region: string | null;
  readonly artifact: string | null;
  readonly policyHistory: Pick<PolicyHistory, 'places' | 'files' | 'ref'>;
}

/** The texts of a bundle beside the evidence. */
export const bundleNames = {
  manifest: 'manifest.json',
  request: 'request.json',
  policy: 'policy.json',
  answers: 'answers.json',
  decision: 'decision.json',
  attestation: 'decision.dsse.json',
  people: 'approvals.json',
  audit: 'audit.jsonl',
  checkpoints: 'checkpoints.jsonl',
} as const;

/** The question that led to the decision; commits stand for the names that they had then. */
export function requestOf(decided: Assessment, { places, files, ref }: PolicyHistory): BundleRequest {
  const { localTime, change } = decided;
  return {
    schemaVersion: '1',
    id: decided.id,
    now: decided.createdAt,
    zone: { name: localTime.timeZone, offsetMinutes: localTime.offsetMinutes },
    release: {
      version: decided.version,
      ...(change && { revision: change.head.commit }),
      ...(change?.baseline && { baseline: change.baseline.commit }),
    },
    fastTrack: decided.fastTrack && { priority: decided.fastTrack.priority },
    level: decided.checklist.level,
    // It changes one exit status, and nothing else.
    strict: decided.status === 'APPROVED_WITH_WARNINGS' && decided.exitCode === 1,
    region: decided.region,
    artifact: decided.artifact,
    policySource: decided.policySource,
    policyHistory: { places, files, ref },
  };
}

/** The same question again. */
export function askedAgain({
  release,
  fastTrack,
  level,
  strict,
  region,
  artifact,
  policySource,
}: BundleRequest): Omit<AssessInput, 'policy'> {
  const about = { ...(region === null ? {} : { region }), ...(artifact === null ? {} : { artifact }) };
  return { release, fastTrack, level, strict, policySource, ...about };
}

/** @throws AqeError AQE3050, AQE3051 for one that only another version understands. */
export function requestFrom(value: unknown): BundleRequest {
  const request = objectIn(value, bundleNames.request);
  if (request['schemaVersion'] !== '1') throw new AqeError('AQE3051', 'it was written by another version');
  const zone = objectIn(request['zone'], 'request.json, zone');
  const release = objectIn(request['release'], 'request.json, release');
  const fastTrack = request['fastTrack'];
  const source = objectIn(request['policySource'], 'request.json, policySource');
  const { places, files, ref } = objectIn(request['policyHistory'], 'request.json, policyHistory');
  const good =
    [request['id'], request['now'], zone['name'], release['version']].every(isText) &&
    Number.isInteger(zone['offsetMinutes']) &&
    !Number.isNaN(Date.parse(String(request['now']))) &&
    [release['revision'], release['baseline']].every((each) => each === undefined || isText(each)) &&
    (fastTrack === null || isText(objectIn(fastTrack, 'request.json, fastTrack')['priority'])) &&
    (request['level'] === 'full' || request['level'] === 'essential') &&
    typeof request['strict'] === 'boolean' &&
    [request['region'], request['artifact'], source['path'], source['ref'], source['commit'], ref].every(
      isTextOrNull,
    ) &&
    isTexts(places) &&
    (files === null || isTexts(files));
  if (!good) throw new AqeError('AQE3050', 'request.json is not what it should be');
  return request as unknown as BundleRequest;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

/** Methods of ports that a decision asks, and whose answers a bundle holds. */
export const askedOf = {
  sourceControl: [
    'resolve',
    'change',
    'changedLines',
    'fileHistory',
    'modifiedFiles',
    'sourcesDigest',
    'fileAt',
    'filesAt',
    'sameCommit',
  ],
  policyHistory: ['at'],
  store: ['find'],
  freezeCalendar: ['freezesAt'],
} as const;
