import type { PolicySource } from '../core/decision/assessment.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { comparePolicies } from '../core/policy/compare-policies.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyChange } from '../core/policy/policy-change.ts';
import { differenceLine } from '../core/policy/policy-difference.ts';
import type { PolicyHistory, PolicyThen } from '../ports/policy-history.ts';
import type { FilesAt, ReleaseQuery, SourceControl } from '../ports/source-control.ts';

export interface PolicyChangeDeps {
  readonly sourceControl: SourceControl;
  readonly policyHistory: PolicyHistory;
}

interface Asked {
  readonly policy: Policy;
  readonly policySource: PolicySource;
  readonly release: ReleaseQuery;
}

/** Parts that the words name. */
const named = 3;

/**
 * What a release changes in its own policy: the policy in force compared with that of its baseline and, if it is not read
 * from a revision, with that of its own commit. Read from a revision, it is also said what the release would change there.
 * null for no change, for a first release and outside a repository. Where the files are the same nothing is parsed.
 * @throws AqeError AQE2011, AQE2012.
 */
export async function policyChange(deps: PolicyChangeDeps, asked: Asked): Promise<PolicyChange | null> {
  const { sourceControl, policyHistory: history } = deps;
  if (history.places.length === 0) return null;
  const change = await sourceControl.change(asked.release);
  if (change === null) return null;
  const { head, baseline } = change;
  const protectedRef = asked.policySource.ref !== null;
  if (baseline === null) {
    if (change.historyComplete || protectedRef || asked.policySource.path === null) return null;
    const words = 'the clone is shallow and lacks the release before';
    return { kind: 'unknown', parts: [], words, asks: asked.policy.onPolicyChange };
  }
  const [then, own] = await Promise.all([
    sourceControl.filesAt(baseline.commit, history.places),
    sourceControl.filesAt(head.commit, history.places),
  ]);
  const unchanged = sameFiles(then, own);
  if (protectedRef) {
    const inForce = await sourceControl.filesAt(asked.policySource.commit ?? '', history.places);
    if (unchanged && sameFiles(then, inForce)) return null;
  } else if (unchanged && (await isCommitted(deps, head, own))) return null;
  try {
    const [before, atHead] = await Promise.all([history.at(baseline.commit), history.at(head.commit)]);
    return protectedRef
      ? changeAtRevision(asked.policy, history, before, atHead, baseline.ref)
      : changeInWorkTree(asked.policy, history, before, atHead, { ref: baseline.ref, commit: head.commit });
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    const words = `the policy of ${baseline.ref}, or of the release, cannot be read: ${error.detail} [${error.code}]`;
    return { kind: 'unknown', parts: [], words, asks: 'approval' };
  }
}

function sameFiles(one: FilesAt | null, other: FilesAt | null): boolean {
  const [a, b] = [one?.files ?? new Map<string, string>(), other?.files ?? new Map<string, string>()];
  return a.size === b.size && [...a].every(([path, content]) => b.get(path) === content);
}

/** Whether the files of the work tree that the policy was read from are those of the release's commit. */
async function isCommitted(
  { sourceControl, policyHistory: { files, places } }: PolicyChangeDeps,
  head: { readonly commit: string; readonly from: 'tag' | 'revision' | 'head' },
  own: FilesAt | null,
): Promise<boolean> {
  const modified = await sourceControl.modifiedFiles();
  const isPolicy = (path: string): boolean => places.some((place) => path === place || path.startsWith(`${place}/`));
  if (modified.some(isPolicy) || (files ?? []).some((file) => !own?.files.has(file))) return false;
  return head.from === 'head' || sameFiles(own, await sourceControl.filesAt('HEAD', places));
}

function changeInWorkTree(
  policy: Policy,
  history: PolicyHistory,
  before: PolicyThen,
  own: PolicyThen,
  { ref, commit }: { readonly ref: string; readonly commit: string },
): PolicyChange | null {
  const [since, uncommitted] = [partsOf(before, policy, history.ref), partsOf(own, policy, history.ref)];
  if (uncommitted.length > 0) {
    const parts = [...new Set([...uncommitted, ...since])];
    const words = `it is not that of commit ${commit.slice(0, 9)}: ${wordsOf(uncommitted)}`;
    return { kind: 'uncommitted', parts, words, asks: stricter(policy, before.policy, own.policy) };
  }
  return changeSince(before, since, ref, stricter(policy, before.policy));
}

/** The policy in force is that of the revision; what the release itself has in its files comes on top. */
function changeAtRevision(
  policy: Policy,
  history: PolicyHistory,
  before: PolicyThen,
  own: PolicyThen,
  ref: string,
): PolicyChange | null {
  const since = partsOf(before, policy, history.ref);
  const later = comparePolicies(before.policy, own.policy)
    .map(differenceLine)
    .filter((line) => !since.includes(line))
    .map((line) => `${line}, not in force yet`);
  // A revision that the release itself names may be one that it can change.
  const asks = before.ref === history.ref ? policy.onPolicyChange : stricter(policy, before.policy);
  return changeSince(before, [...since, ...later], ref, asks);
}

/** A policy that lets its own change pass must not be the one to say so. */
function stricter(...policies: readonly Policy[]): PolicyChange['asks'] {
  return policies.some(({ onPolicyChange }) => onPolicyChange === 'approval') ? 'approval' : 'report';
}

function changeSince(
  { present }: PolicyThen,
  parts: readonly string[],
  ref: string,
  asks: PolicyChange['asks'],
): PolicyChange | null {
  if (parts.length === 0) return null;
  return { kind: present ? 'changed' : 'added', parts, words: `since ${ref}: ${wordsOf(parts)}`, asks };
}

function partsOf(then: PolicyThen, policy: Policy, ref: string | null): readonly string[] {
  const where = then.ref === ref ? [] : [`policy.ref ${then.ref ?? 'none'} → ${ref ?? 'none'}`];
  return [...where, ...comparePolicies(then.policy, policy).map(differenceLine)];
}

function wordsOf(parts: readonly string[]): string {
  const more = parts.length - named;
  return `${parts.slice(0, named).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
