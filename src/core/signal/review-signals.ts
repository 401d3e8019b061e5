import type { ChangeName, CodeReview, Review } from '../evidence/reading.ts';
import { plural } from './format.ts';
import type { Signal } from './signal.ts';
import { listed, sourcesOf, type Sourced } from './sourced.ts';

type Report = Sourced<CodeReview>;
type Change = NonNullable<CodeReview['change']>;

/** What the reports say of approvals, or what keeps them from saying it. */
export interface ReviewAnswer {
  readonly signals: readonly Signal[];
  /** Why there is no number although there are reports; null if there is one, or no report. */
  readonly gap: { readonly reason: string; readonly sources: readonly string[] } | null;
}

/**
 * Engineers who approve the head of a change and had no hand in it, by the last verdict of each. Reports on one change are
 * joined; of several changes the one with the fewest approvals counts. A change without its reviews, and reviews of a change
 * whose author and head nothing says, give no number: neither zero nor what the others say would be true.
 */
export function reviewSignals(reports: readonly Report[]): ReviewAnswer {
  const ordered = reports.toSorted((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
  const changes = changesOf(ordered);
  const placed = changes.map((described) => ({
    ...described,
    lists: ordered.filter((report) => report.fact.reviews !== null && isOf(report, described, changes.length === 1)),
  }));
  const open = ordered.filter(
    (report) => report.fact.change === null && !placed.some(({ lists }) => lists.includes(report)),
  );
  // A list that names nothing could be of any change, also of one that has its own.
  const stray = open.find((report) => !isNameless(report) || placed.length === 0);
  if (stray) return { signals: [], gap: { reason: strayReason(stray), sources: sourcesOf([stray]) } };
  const bare = placed.find(({ lists }) => lists.length === 0);
  if (bare) {
    const sources = sourcesOf(bare.reports);
    const reason = `${listed(sources)} describes ${nameOf(bare.of)} without its reviews: save its reviews or approvals too`;
    return { signals: [], gap: { reason, sources } };
  }
  const counted = placed.map((change) => ({ change, approvals: approvalsOf(change) }));
  const fewest = counted.toSorted((a, b) => a.approvals.by.length - b.approvals.by.length)[0];
  if (!fewest) return { signals: [], gap: null };
  const others = counted.length > 1 ? `; fewest of ${plural(counted.length, 'change')}` : '';
  const signal: Signal = {
    metric: 'review_approvals',
    value: fewest.approvals.by.length,
    exact: null,
    bound: 'exact',
    sources: sourcesOf(placed.flatMap(({ reports: own, lists }) => [...own, ...lists])),
    basis: `${nameOf(fewest.change.of)} ${fewest.approvals.words}${others}`,
  };
  return { signals: [signal], gap: null };
}

/** One change, and the reports that describe it. */
interface Described {
  readonly of: ChangeName | null;
  readonly format: string;
  readonly head: string;
  readonly reports: Report[];
}

/** Descriptions that say less of the name are of the change that says more, if the head leaves but one. */
function changesOf(reports: readonly Report[]): readonly Described[] {
  const found: Described[] = [];
  for (const precision of [2, 1, 0]) {
    const known = [...found];
    for (const report of reports) {
      const { of, change } = report.fact;
      if (change === null || precisionOf(of) !== precision) continue;
      const isMeant = (other: Described): boolean =>
        other.format === report.format && sameCommit(other.head, change.head) && mayBeSame(of, other.of);
      const meant = known.filter(isMeant);
      const equal = found.find((other) => precisionOf(other.of) === precision && isMeant(other));
      const joined = meant.length === 1 ? meant[0] : equal;
      if (joined) joined.reports.push(report);
      else found.push({ of, format: report.format, head: change.head, reports: [report] });
    }
  }
  return found;
}

function precisionOf(of: ChangeName | null): number {
  return of === null ? 0 : of.project === null ? 1 : 2;
}

/** Whether reviews are of a change: by their own description, else by the name, else by a commit that is its head. */
function isOf(report: Report, change: Described, isOnly: boolean): boolean {
  const { fact, format } = report;
  if (fact.change !== null) return change.reports.includes(report);
  if (format !== change.format) return false;
  if (fact.of !== null && change.of !== null) return mayBeSame(fact.of, change.of);
  const reviews = fact.reviews ?? [];
  if (reviews.length === 0) return isOnly;
  return reviews.some(({ commit }) => commit !== null && sameCommit(commit, change.head));
}

/** Reviews that say neither which change they are of nor which commit was looked at. */
function isNameless({ fact }: Report): boolean {
  return fact.of === null && (fact.reviews ?? []).every(({ commit }) => commit === null);
}

function strayReason(report: Report): string {
  if (isNameless(report))
    return `${report.source} does not say which change its reviews are of: save a report that names it`;
  return `nothing says who made ${nameOf(report.fact.of)}, which ${report.source} has reviews of, and what its head is: save the pull or merge request too`;
}

type Verdict = 'approved' | 'older' | 'withdrawn' | 'changes-requested';

/** The better the later. */
const verdicts: readonly Verdict[] = ['changes-requested', 'withdrawn', 'older', 'approved'];

interface Standing {
  readonly id: string;
  readonly name: string;
  readonly verdict: Verdict;
  readonly at: number | null;
  readonly bot: boolean;
}

interface Approvals {
  readonly by: readonly string[];
  /** Who approved, who wants changes, and whose approval does not count. */
  readonly words: string;
}

function approvalsOf({ reports, lists, head }: Described & { readonly lists: readonly Report[] }): Approvals {
  const makers = new Set(
    reports.flatMap(({ fact: { change } }) => (change ? makersOf(change) : [])).map((name) => name.toLowerCase()),
  );
  const people = Map.groupBy(
    lists.flatMap(({ fact }) => standings(fact.reviews ?? [], head)),
    ({ id }) => id,
  );
  const approved: string[] = [];
  const wanting: string[] = [];
  const left: string[] = [];
  for (const [id, words] of [...people].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const { name, verdict } = settled(words);
    const bot = words.some((word) => word.bot);
    if (verdict === 'changes-requested') wanting.push(name);
    else if (verdict === 'withdrawn') continue;
    else if (bot) left.push(`${name} (a bot)`);
    else if (makers.has(id)) left.push(`${name} (has a hand in the change)`);
    else if (verdict === 'older') left.push(`${name} (approved an older commit)`);
    else approved.push(name);
  }
  return {
    by: approved,
    words: [
      `approved by ${approved.length > 0 ? few(approved) : 'nobody'}`,
      ...(wanting.length > 0 ? [`changes requested by ${few(wanting)}`] : []),
      ...(left.length > 0 ? [`not counted: ${few(left)}`] : []),
    ].join('; '),
  };
}

function makersOf({ author, contributors }: Change): readonly string[] {
  return [author, ...contributors];
}

/** The last verdict of each person in one list. A comment is none and changes none. */
function standings(reviews: readonly Review[], head: string): readonly Standing[] {
  const last = new Map<string, Standing>();
  for (const review of reviews) {
    if (review.verdict === 'commented') continue;
    const standing = standingOf(review, head);
    const known = last.get(standing.id);
    // Lists are in the order of time; one that somebody sorted otherwise still says when.
    const isEarlier = known?.at != null && standing.at !== null && standing.at < known.at;
    if (!isEarlier) last.set(standing.id, standing);
  }
  return [...last.values()];
}

function standingOf({ by, name, verdict, commit, at, bot }: Review, head: string): Standing {
  const time = at === undefined ? NaN : Date.parse(at);
  const isCurrent = commit === null || sameCommit(commit, head);
  return {
    id: by.toLowerCase(),
    name: name ?? by,
    verdict:
      verdict === 'changes-requested'
        ? verdict
        : verdict === 'approved'
          ? isCurrent
            ? 'approved'
            : 'older'
          : 'withdrawn',
    at: Number.isNaN(time) ? null : time,
    bot,
  };
}

/** Of what several lists say of one person the latest word counts, and of those that do not say when the worst. */
function settled(words: readonly Standing[]): Standing {
  const latest = Math.max(...words.map(({ at }) => at ?? -Infinity));
  return words
    .filter(({ at }) => at === null || at === latest)
    .toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict))[0]!;
}

function mayBeSame(a: ChangeName | null, b: ChangeName | null): boolean {
  if (a === null || b === null) return true;
  return a.id === b.id && (a.project === null || b.project === null || a.project === b.project);
}

/** Names of commits may be abbreviated. */
function sameCommit(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return /^[0-9a-f]{7,64}$/i.test(short) && long.toLowerCase().startsWith(short.toLowerCase());
}

function nameOf(of: ChangeName | null): string {
  return of === null ? 'the change' : cut(of.id);
}

const mostNames = 10;

function few(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(cut).join(', ');
  return names.length > mostNames ? `${shown} (+${names.length - mostNames} more)` : shown;
}

function cut(name: string): string {
  return name.length > 80 ? `${name.slice(0, 79)}…` : name;
}
