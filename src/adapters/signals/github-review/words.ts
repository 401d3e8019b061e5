import type { ChangeName, Review } from '../../../core/evidence/reading.ts';
import { isBot, type Account } from './account.ts';

/** From an address of a pull request, of the site or of the API. */
export function changeNameIn(address: string | null | undefined): ChangeName | null {
  const match = /\/([^/]+\/[^/]+)\/pulls?\/(\d+)(?:$|[/#?])/.exec(address?.slice(0, 1000) ?? '');
  return match ? { project: match[1]!.toLowerCase(), id: `#${match[2]}` } : null;
}

/** Notices on reviews, in the words of both APIs. */
export function reviewNotices(
  of: ChangeName | null,
  reviews: readonly { readonly account: Account; readonly state: string; readonly association: string | null }[],
): readonly string[] {
  const where = of ? ` of ${of.id}` : '';
  const deleted = reviews.filter(({ account }) => !account?.login).length;
  const outside = reviews.filter(
    ({ account, state, association }) =>
      account?.login && !isBot(account) && verdictOf(state) === 'approved' && outsiders.has(association ?? ''),
  );
  const unknown = reviews.find(({ state }) => !states.has(state.toUpperCase()));
  return [
    ...(deleted > 0 ? [`reviews${where} by deleted accounts do not count: ${deleted}`] : []),
    ...(outside.length > 0
      ? [`approvals${where} by people whom GitHub does not tie to the repository: ${namesIn(outside)}`]
      : []),
    ...(unknown ? [`a review${where} has a state that is not known (${unknown.state.slice(0, 40)}): no verdict`] : []),
  ];
}

const outsiders = new Set(['NONE', 'FIRST_TIMER', 'FIRST_TIME_CONTRIBUTOR', 'MANNEQUIN']);

function namesIn(reviews: readonly { readonly account: Account }[]): string {
  const names = [...new Set(reviews.map(({ account }) => account?.login?.slice(0, 40)))];
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} (+${names.length - 5} more)` : names.join(', ');
}

const states: ReadonlyMap<string, Review['verdict']> = new Map([
  ['APPROVED', 'approved'],
  ['CHANGES_REQUESTED', 'changes-requested'],
  ['DISMISSED', 'dismissed'],
  ['COMMENTED', 'commented'],
  // Not submitted: only its author sees it.
  ['PENDING', 'commented'],
]);

/** A state that nobody knows yet is no verdict, and cancels an earlier one. */
export function verdictOf(state: string): Review['verdict'] {
  return states.get(state.toUpperCase()) ?? 'none';
}
