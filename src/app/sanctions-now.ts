import type { Sanctions } from '../core/approval/sanctions.ts';
import { sanctionsFor, type SanctionsInput } from '../core/approval/sanctions-for.ts';
import { keyThatSigned } from '../core/approval/word-signature.ts';
import { requiredKinds, type FiredRule } from '../core/decision/decide.ts';
import type { ReleaseChange } from '../core/evidence/change.ts';
import type { GateSummary } from '../core/gate/enforce.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyChange } from '../core/policy/policy-change.ts';
import type { SignatureCheck } from '../ports/signer.ts';
import type { ApprovalRecord, ApprovalRequest, ReviewRecord, Store } from '../ports/store.ts';

/** What people said about a release, oldest first. */
export interface Said {
  readonly requests: readonly ApprovalRequest[];
  readonly records: readonly ApprovalRecord[];
  /** Of the whole service. */
  readonly reviews: readonly ReviewRecord[];
}

/** The decision that sanctions are asked for. */
export interface Decided {
  readonly decisionDigest: string;
  readonly rules: readonly Pick<FiredRule, 'rule'>[];
  readonly gates: Pick<GateSummary, 'gateResults'>;
  readonly change: Pick<ReleaseChange, 'authors'> | null;
  readonly policyChange: Pick<PolicyChange, 'asks'> | null;
}

/** @throws AqeError 6xxx. */
export async function whatWasSaid(
  store: Store,
  release: { readonly service: string; readonly version: string; readonly environment: string },
): Promise<Said> {
  const [requests, records, reviews] = await Promise.all([
    store.find('requests', release),
    store.find('approvals', release),
    store.find('reviews', { service: release.service }),
  ]);
  return { requests, records, reviews };
}

/** What is needed beside the words to tell what they are worth. */
export function judgedBy(decided: Decided, policy: Policy, said: Said): Omit<SanctionsInput, 'now' | 'signedBy'> {
  return {
    policy,
    decisionDigest: decided.decisionDigest,
    kinds: requiredKinds(decided.rules, policy, decided.policyChange),
    closedGates: decided.gates.gateResults
      .filter(({ passed, skipped, mode }) => !passed && !skipped && mode === 'enforce')
      .map(({ gate }) => gate),
    authors: decided.change?.authors.map(({ email }) => email) ?? [],
    ...said,
  };
}

/** What was said, and what it is worth for this decision now. */
export function sanctionsNow(
  deps: { readonly signatures: SignatureCheck },
  {
    decided,
    policy,
    said,
    now,
  }: { readonly decided: Decided; readonly policy: Policy; readonly said: Said; readonly now: string },
): Sanctions {
  return sanctionsFor({
    ...judgedBy(decided, policy, said),
    now,
    signedBy: (word, keys) => keyThatSigned(word, keys, deps.signatures),
  });
}
