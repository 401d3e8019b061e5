import { type Standing } from './standing.ts';

/**
 * Of the words that stand, those that are the last one of their person on a matter. Withdrawn words do not count; a yes or no
 * gives way to a later one, and where somebody spoke with a key, what others say in their name without one is not heard.
 */
export function heard(standings: readonly Standing[]): {
  readonly counting: readonly Standing[];
  /** Why the others do not count, by the id of the word. */
  readonly unheard: ReadonlyMap<string, string>;
} {
  const unheard = new Map<string, string>();
  const withdrawals = standings.filter(({ kind }) => kind === 'withdraw');
  const rest = standings.filter(({ kind }) => kind !== 'withdraw');
  for (const each of rest) {
    const withdrawal = withdrawals.find((other) => takesBack(other, each));
    if (withdrawal) unheard.set(each.word.id, `it was withdrawn at ${withdrawal.word.createdAt}`);
  }
  const standing = rest.filter(({ word }) => !unheard.has(word.id));
  for (const each of standing) {
    const others = standing.filter((other) => other !== each && other.person === each.person && isAbout(other, each));
    if (!each.isVerified && others.some(({ isVerified }) => isVerified))
      unheard.set(each.word.id, `${each.person.id} spoke with a key`);
    else {
      const last = others.find((other) => other.isVerified === each.isVerified && isLater(other, each, standing));
      if (last) unheard.set(each.word.id, `the same person said something later: ${last.word.kind}`);
    }
  }
  return { counting: standing.filter(({ word }) => !unheard.has(word.id)), unheard };
}

/** A claim takes back only what was claimed by the same one. */
function takesBack(withdrawal: Standing, { word, person, isVerified }: Standing): boolean {
  if (withdrawal.word.target !== word.id || withdrawal.person !== person) return false;
  return withdrawal.isVerified || (!isVerified && withdrawal.word.identity === word.identity);
}

/** Yes and no to the release are one matter, each override and the emergency another. */
function isAbout(one: Standing, other: Standing): boolean {
  return matterOf(one) === matterOf(other);
}

function matterOf({ kind, word }: Standing): string {
  return kind === 'approve' || kind === 'reject' ? 'release' : `${kind} ${word.target}`;
}

/** By time, then by the order in which they were kept. */
function isLater(one: Standing, other: Standing, order: readonly Standing[]): boolean {
  const difference = Date.parse(one.word.createdAt) - Date.parse(other.word.createdAt);
  return difference > 0 || (difference === 0 && order.indexOf(one) > order.indexOf(other));
}
