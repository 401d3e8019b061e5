import type { AssessInput } from '../assess.ts';
import type { PolicySource } from '../../core/decision/assessment.ts';
import type { ReleaseQuery } from '../../ports/source-control.ts';

/** How a decision was asked for, and what no port answers: enough to ask for it again. */
export interface BundleRequest {
  readonly schemaVersion: '1';
  readonly id: string;
  /** ISO-8601 UTC. */
  readonly now: string;
  readonly zone: { readonly name: string; readonly offsetMinutes: number };
  readonly release: ReleaseQuery;
  readonly fastTrack: { readonly priority: string } | null;
  readonly level: 'full' | 'essential';
  readonly strict: boolean;
  readonly region: string | null;
  readonly policySource: PolicySource;
  readonly policyHistory: {
    readonly places: readonly string[];
    readonly files: readonly string[] | null;
    readonly ref: string | null;
  };
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

/** The same question as the one that led to the decision. */
export function askedAgain({
  release,
  fastTrack,
  level,
  strict,
  region,
  policySource,
}: BundleRequest): Omit<AssessInput, 'policy'> {
  return { release, fastTrack, level, strict, policySource, ...(region === null ? {} : { region }) };
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
