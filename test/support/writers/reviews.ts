/** Writers of what code review systems answer about one change. */
import fc from 'fast-check';
import type { Review } from '../../../src/core/evidence/reading.ts';
import type { RoundTrip } from '../round-trip.ts';
import { jsonStyle, luck, often, writeJson } from './documents.ts';

type Verdict = Exclude<Review['verdict'], 'none'>;

interface Opinion {
  readonly by: string;
  readonly verdict: Verdict;
  readonly commit: string;
}

const people = ['ada', 'Grace-Hopper', 'renovate[bot]', 'linus_1'];
const commits = ['1'.repeat(40), '2'.repeat(40)];
const head = commits[1]!;
const at = '2026-03-02T08:15:04Z';

const opinions: fc.Arbitrary<readonly Opinion[]> = fc.array(
  fc.record({
    by: fc.constantFrom(...people),
    verdict: fc.constantFrom<Verdict>('approved', 'changes-requested', 'commented', 'dismissed'),
    commit: fc.constantFrom(...commits),
  }),
  { minLength: 1, maxLength: 8 },
);

/** One opinion of each person. */
const standing = opinions.map((all) => [...new Map(all.map((each) => [each.by, each])).values()]);

const githubStates = {
  approved: 'APPROVED',
  'changes-requested': 'CHANGES_REQUESTED',
  commented: 'COMMENTED',
  dismissed: 'DISMISSED',
} as const;

function isBot(name: string): boolean {
  return name.endsWith('[bot]');
}

const account = (login: string): object => ({ login, id: 1, type: isBot(login) ? 'Bot' : 'User', site_admin: false });

const github: RoundTrip = {
  name: 'github-review',
  documents: fc
    .record({ all: opinions, pages: often, withPull: fc.boolean(), style: jsonStyle })
    .map(({ all, pages, withPull, style }) => {
      const url = 'https://api.github.com/repos/Shop/Cart/pulls/7';
      const reviews = all.map(({ by, verdict, commit }, index) => ({
        id: index,
        node_id: 'R',
        user: account(by),
        body: 'a "}" ]',
        state: githubStates[verdict],
        html_url: 'https://github.com/Shop/Cart/pull/7#pullrequestreview-1',
        pull_request_url: url,
        author_association: 'MEMBER',
        submitted_at: at,
        commit_id: commit,
      }));
      const pull = {
        url,
        id: 1,
        html_url: 'https://github.com/Shop/Cart/pull/7',
        diff_url: 'https://github.com/Shop/Cart/pull/7.diff',
        issue_url: 'https://api.github.com/repos/Shop/Cart/issues/7',
        number: 7,
        state: 'open',
        user: account('maker'),
        merged_at: null,
        merge_commit_sha: commits[0],
        head: { ref: 'feature', sha: head },
        base: { ref: 'main', sha: commits[0] },
      };
      const lists = pages && reviews.length > 1 ? [reviews.slice(0, 1), reviews.slice(1)] : [reviews];
      const of = { project: 'shop/cart', id: '#7' };
      const expected = all.map((each) => ({ ...each, at, bot: isBot(each.by) }));
      return {
        path: 'github-reviews.json',
        text: [...(withPull ? [pull] : []), ...lists].map((part) => writeJson(part, style)).join('\n'),
        expected: [
          ...(withPull ? [{ kind: 'review', of, change: { author: 'maker', head }, reviews: null }] : []),
          { kind: 'review', of, change: null, reviews: expected },
        ],
      };
    }),
};

/** GitLab knows approvals only, and ties them to no commit. */
const gitlab: RoundTrip = {
  name: 'gitlab-review',
  notices: /^GitLab ties approvals to no commit/,
  documents: fc.record({ all: standing, style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const user = (username: string): object => ({
      id: 1,
      username,
      name: username,
      state: 'active',
      ...(isBot(username) ? { bot: true } : {}),
    });
    const approved = all.filter(({ verdict }) => verdict === 'approved');
    const request = {
      id: 1,
      iid: 7,
      project_id: 12,
      title: 'a "}" ]',
      state: 'opened',
      source_branch: 'feature',
      target_branch: 'main',
      author: user('maker'),
      sha: head,
      merge_commit_sha: null,
      detailed_merge_status: 'mergeable',
      approved_by: approved.map(({ by }) => ({ user: user(by), ...(of() % 2 ? { approved_at: at } : {}) })),
    };
    const reviews = approved.map(({ by }) => ({ by, verdict: 'approved', commit: null, bot: isBot(by) }));
    return {
      path: 'gitlab-mr.json',
      text: writeJson(of() % 2 ? request : [request], style),
      expected: [{ kind: 'review', of: { project: '12', id: '!7' }, change: { author: 'maker', head }, reviews }],
    };
  }),
};

const cloudStates = {
  approved: 'approved',
  'changes-requested': 'changes_requested',
  commented: null,
  dismissed: null,
} as const;
const serverStates = {
  approved: 'APPROVED',
  'changes-requested': 'NEEDS_WORK',
  commented: 'UNAPPROVED',
  dismissed: 'UNAPPROVED',
} as const;

function standingVerdict({ verdict }: Opinion): Review['verdict'] {
  return verdict === 'approved' || verdict === 'changes-requested' ? verdict : 'none';
}

const bitbucketCloud: RoundTrip = {
  name: 'bitbucket-review Cloud',
  notices: /^Bitbucket Cloud ties approvals to no commit/,
  documents: fc.record({ all: standing, page: fc.boolean(), style: jsonStyle }).map(({ all, page, style }) => {
    const user = (name: string): object => ({
      type: isBot(name) ? 'app_user' : 'user',
      account_id: `id-${name}`,
      nickname: name,
      display_name: name,
    });
    const pull = {
      type: 'pullrequest',
      id: 7,
      title: 'a "}" ]',
      state: 'OPEN',
      author: user('maker'),
      source: { branch: { name: 'feature' }, commit: { type: 'commit', hash: head.slice(0, 12) } },
      destination: { branch: { name: 'main' }, repository: { full_name: 'Shop/Cart' } },
      merge_commit: null,
      participants: all.map((each) => ({
        type: 'participant',
        user: user(each.by),
        role: 'REVIEWER',
        approved: each.verdict === 'approved',
        state: cloudStates[each.verdict],
      })),
    };
    const reviews = all.map((each) => ({
      by: `id-${each.by}`,
      name: each.by,
      verdict: standingVerdict(each),
      commit: null,
      bot: isBot(each.by),
    }));
    const change = { author: 'id-maker', head: head.slice(0, 12) };
    return {
      path: 'bitbucket-pr.json',
      text: writeJson(page ? { pagelen: 10, values: [pull], page: 1, size: 1 } : pull, style),
      expected: [{ kind: 'review', of: { project: 'shop/cart', id: '#7' }, change, reviews }],
    };
  }),
};

const bitbucketServer: RoundTrip = {
  name: 'bitbucket-review Server',
  documents: fc.record({ all: standing, page: fc.boolean(), style: jsonStyle }).map(({ all, page, style }) => {
    const user = (name: string): object => ({
      name,
      displayName: name,
      active: true,
      slug: name,
      type: isBot(name) ? 'SERVICE' : 'NORMAL',
    });
    const pull = {
      id: 7,
      version: 3,
      title: 'a "}" ]',
      state: 'OPEN',
      fromRef: { id: 'refs/heads/feature', latestCommit: head },
      toRef: {
        id: 'refs/heads/main',
        latestCommit: commits[0],
        repository: { slug: 'Cart', project: { key: 'SHOP' } },
      },
      author: { user: user('maker'), role: 'AUTHOR', approved: false, status: 'UNAPPROVED' },
      reviewers: all.map((each) => ({
        user: user(each.by),
        role: 'REVIEWER',
        approved: each.verdict === 'approved',
        status: serverStates[each.verdict],
        lastReviewedCommit: each.commit,
      })),
      participants: [],
    };
    const reviews = all.map((each) => ({
      by: each.by,
      verdict: standingVerdict(each),
      commit: each.commit,
      bot: isBot(each.by),
    }));
    return {
      path: 'bitbucket-pr.json',
      text: writeJson(page ? { size: 1, limit: 25, isLastPage: true, values: [pull], start: 0 } : pull, style),
      expected: [
        { kind: 'review', of: { project: 'shop/cart', id: '#7' }, change: { author: 'maker', head }, reviews },
      ],
    };
  }),
};

export const reviewAnswers: readonly RoundTrip[] = [github, gitlab, bitbucketCloud, bitbucketServer];
