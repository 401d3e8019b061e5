import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { graphErrorIn, refusalBy } from './shared/github-alert-pages.ts';
import { graphPull, pullsIn } from './github-review/graph.ts';
import { restPull, restReview, restReviews, type RestReview } from './github-review/rest.ts';
import { jsonHead, objectOf } from './shared/json.ts';
import { reviewSession, type Reviewed } from './shared/review-session.ts';

type Answer = Readonly<Record<string, unknown>>;

/**
 * Pull requests and reviews as GitHub's APIs answer and `gh` prints them: a pull request or a list of them, the list of reviews
 * of one, `gh pr view --json`, and GraphQL answers; each also as several pages.
 */
export const githubReview: SignalReader = {
  id: 'github-review',
  title: 'GitHub pull request and reviews JSON',
  gives: ['review'],
  names: ['github-pr*.json', 'github-review*.json', 'gh-pr*.json', 'pr-reviews*.json'],
  countingUnit:
    'One review. Of each person the last one counts that is no comment, and an approval only on the head of the pull request.',
  detects(head) {
    const value = jsonHead(head.text);
    if (/^\s*\[\s*\]\s*$/.test(head.text)) return isNamedReview(head.path);
    const first = Array.isArray(value) ? (Array.isArray(value[0]) ? value[0][0] : value[0]) : value;
    const root = objectOf(first);
    return isPull(root) || isReview(root) || isGraphPull(root) || isGraphAnswer(root) || isRefusal(root);
  },
  open(file) {
    const found: Reviewed[] = [];
    const reviews: RestReview[] = [];
    let isList = false;
    const take = (value: unknown): void => {
      if (Array.isArray(value)) {
        if (value.length === 0) isList = true;
        for (const each of value) take(each);
        return;
      }
      const root = objectOf(value);
      const refusal = refusalBy(root, /./) ?? graphErrorIn(root);
      if (refusal !== undefined) throw new AqeError('AQE2006', `GitHub answered: ${refusal}`, { path: file.path });
      if ('data' in root) takeGraph(root['data']);
      else if (isReview(root)) reviews.push(restReview(root, file));
      else if (isGraphPull(root)) found.push(graphPull(root, file));
      else found.push(restPull(root, file));
    };
    const takeGraph = (data: unknown): void => {
      const pulls = pullsIn(data);
      if (!pulls) throw new AqeError('AQE2003', 'the answer has no pull request', { path: file.path });
      for (const pull of pulls) found.push(graphPull(pull, file));
    };
    return reviewSession(file, {
      name: 'github',
      take,
      finish: () => [...found, ...(reviews.length > 0 || (isList && found.length === 0) ? restReviews(reviews) : [])],
    });
  },
};

/** Whether a list without anything in it is one of reviews, by its name. */
function isNamedReview(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [, rest = ''] = /(?:^|[-_.])(?:pr|pull|github)(.*)\.json$/is.exec(name) ?? [];
  return /review/i.test(rest);
}

function isPull(root: Answer): boolean {
  const { url } = root;
  return typeof url === 'string' && /\/pulls\/\d+$/.test(url) && 'issue_url' in root && 'diff_url' in root;
}

function isReview(root: Answer): boolean {
  if (!('commit_id' in root && typeof root['state'] === 'string' && 'user' in root)) return false;
  return 'submitted_at' in root || 'pull_request_url' in root;
}

/** Any choice of fields of `gh pr view --json` that is about reviews. */
function isGraphPull(root: Answer): boolean {
  if (['headRefOid', 'reviewDecision', 'latestReviews'].some((key) => key in root)) return true;
  const list = Array.isArray(root['reviews']) ? (root['reviews'] as readonly unknown[]) : undefined;
  if (list === undefined) return false;
  const first = objectOf(list[0]);
  return 'authorAssociation' in first || ('submittedAt' in first && 'state' in first);
}

function isGraphAnswer({ data }: Answer): boolean {
  const pulls = pullsIn(data) ?? [];
  return pulls
    .map(objectOf)
    .some((pull) => 'headRefOid' in pull || 'reviews' in pull || 'latestOpinionatedReviews' in pull);
}

function isRefusal(root: Answer): boolean {
  return refusalBy(root, /\/rest(\/reference)?\/pulls\b/) !== undefined;
}
