import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { ChangeName, Review } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { reviewSession, type Reviewed } from './shared/review-session.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { shortTitle } from './shared/short-title.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const user = z.object({ username: z.string().check(z.minLength(1)), bot: z.nullish(z.boolean()) });
  const mergeRequest = z.object({
    iid: z.nullish(z.int()),
    project_id: z.nullish(z.int()),
    author: z.nullish(user),
    state: text,
    sha: text,
    diff_refs: z.nullish(z.object({ head_sha: text })),
    merge_commit_sha: text,
    squash_commit_sha: text,
    detailed_merge_status: text,
    approved_by: z.nullish(z.array(z.object({ user: z.nullish(user), approved_at: text }))),
  });
  const state = z.object({ rules: z.array(z.object({ approved_by: z.nullish(z.array(user)) })) });
  return { mergeRequest, state };
});

type MergeRequest = z.infer<ReturnType<typeof schemas>['mergeRequest']>;
type User = NonNullable<MergeRequest['author']>;
type Answer = Readonly<Record<string, unknown>>;

/**
 * Merge requests and their approvals as GitLab's REST API answers: `/merge_requests/N`, lists of them, `/merge_requests/N/approvals`
 * (also joined with the former into one object) and `/approval_state`.
 */
export const gitlabReview: SignalReader = {
  id: 'gitlab-review',
  title: 'GitLab merge request and approvals JSON',
  gives: ['review'],
  names: ['gitlab-mr*.json', 'gitlab-merge-request*.json', 'gitlab-approval*.json', 'mr-approvals*.json'],
  countingUnit:
    'One approval. GitLab ties none to a commit and takes them back on a push only where the project says so: each is taken to be of the head.',
  detects(head) {
    const value = jsonHead(head.text);
    const root = objectOf(Array.isArray(value) ? (Array.isArray(value[0]) ? value[0][0] : value[0]) : value);
    return isMergeRequest(root) || isApprovals(root) || isApprovalState(root);
  },
  open(file) {
    const found: Reviewed[] = [];
    const take = (value: unknown): void => {
      if (Array.isArray(value)) {
        for (const each of value) take(each);
        return;
      }
      const root = objectOf(value);
      const refusal = root['error'] ?? root['message'];
      if (typeof refusal === 'string' && !('iid' in root))
        throw new AqeError('AQE2006', `GitLab answered: ${shortTitle(refusal, 'an error')}`, { path: file.path });
      if (isMergeRequest(root) || isApprovals(root))
        found.push(fromMergeRequest(checkShape(file, schemas().mergeRequest, root)));
      else found.push(fromState(checkShape(file, schemas().state, root)));
    };
    return reviewSession(file, { name: 'gitlab', take, finish: () => found });
  },
};

function isMergeRequest(root: Answer): boolean {
  return typeof root['iid'] === 'number' && 'source_branch' in root && 'target_branch' in root;
}

function isApprovals(root: Answer): boolean {
  return (
    Array.isArray(root['approved_by']) &&
    ['approvals_required', 'approvals_left', 'user_has_approved', 'user_can_approve'].some((key) => key in root)
  );
}

function isApprovalState(root: Answer): boolean {
  const { rules } = root;
  if (!Array.isArray(rules)) return false;
  const first = objectOf(rules[0]);
  return 'approval_rules_overwritten' in root || ('approved_by' in first && 'approvals_required' in first);
}

function fromMergeRequest(request: MergeRequest): Reviewed {
  const { iid, project_id: project, author, state } = request;
  const of: ChangeName | null =
    iid == null ? null : { project: project == null ? null : String(project), id: `!${iid}` };
  const head = request.sha || request.diff_refs?.head_sha;
  const merged = state === 'merged' ? request.merge_commit_sha || request.squash_commit_sha : undefined;
  // Approvals alone have no author. Deleted accounts are shown under this name.
  const change = head ? { author: author?.username ?? 'ghost', contributors: [], head } : null;
  const reviews = request.approved_by?.flatMap(({ user, approved_at: at }) =>
    user ? approval(user, zonedTime(at)) : [],
  );
  return {
    fact: { kind: 'review', of, change, reviews: reviews ?? null },
    commit: change && (merged || change.head),
    notices: [
      ...unbound(reviews ?? []),
      ...(request.detailed_merge_status === 'requested_changes' ? [`changes are requested on ${of?.id ?? 'it'}`] : []),
    ],
  };
}

function fromState({ rules }: z.infer<ReturnType<typeof schemas>['state']>): Reviewed {
  const users = new Map(rules.flatMap(({ approved_by: by }) => by ?? []).map((user) => [user.username, user]));
  const reviews = [...users.values()].map((user) => approval(user));
  return {
    fact: { kind: 'review', of: null, change: null, reviews },
    commit: null,
    notices: ['it does not say which merge request it is of', ...unbound(reviews)],
  };
}

function approval(user: User, at?: string): Review {
  return { by: user.username, verdict: 'approved', commit: null, ...(at ? { at } : {}), bot: isBot(user) };
}

/** Access tokens of projects and groups act under such names, and service accounts. */
function isBot({ username, bot }: User): boolean {
  return bot === true || /^(?:(?:project|group)_\d+_bot(?:_|\d|$)|service_account_)/i.test(username);
}

function unbound(reviews: readonly Review[]): readonly string[] {
  return reviews.length > 0 ? ['GitLab ties approvals to no commit: they are taken to be of the head'] : [];
}
