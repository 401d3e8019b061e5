import type { Standing } from './standing.ts';

/**
 * Of the words that stand, oldest kept first, those that are the last of their person on a matter. Withdrawn words do not
 * count; a yes or no gives way to a later one; and where somebody spoke with a key, what is said in their name without one is
 * not heard. Several accounts that claim to be one person are not told apart here: each keeps its last word.
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
  for (const matter of Map.groupBy(standing, (each) => `${each.person.id} ${matterOf(each)}`).values()) {
    const isKeyed = matter.some(({ isVerified }) => isVerified);
    for (const each of matter)
      if (isKeyed && !each.isVerified) unheard.set(each.word.id, `${each.person.id} spoke with a key`);
    const voices = Map.groupBy(matter, ({ isVerified, word }) => (isVerified ? '' : word.identity));
    for (const words of voices.values()) {
      const last = words.reduce((latest, each) => (timeOf(each) >= timeOf(latest) ? each : latest));
      for (const each of words)
        if (each !== last && !unheard.has(each.word.id))
          unheard.set(each.word.id, `the same person said something later: ${last.word.kind}`);
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
function matterOf({ kind, word }: Standing): string {
  return kind === 'approve' || kind === 'reject' ? 'release' : `${kind} ${word.target}`;
}

function timeOf({ word }: Standing): number {
  return Date.parse(word.createdAt);
}
