import type { Assessment } from '../decision/assessment.ts';

/** What an auditor samples of an assessment, as details of an event; a fact that is not known is left out. */
export function sampledFacts({ change, evidence }: Pick<Assessment, 'change' | 'evidence'>): Record<string, string> {
  const times = evidence
    .filter(({ state, takenAt }) => state === 'measured' && takenAt !== null)
    .map(({ takenAt }) => String(takenAt))
    .toSorted();
  const facts = {
    commit: change?.head.commit,
    authors: change?.authors.map(({ name, email }) => `${name} <${email}>`).join('; '),
    evidenceEarliest: times[0],
    evidenceLatest: times.at(-1),
  };
  return Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => Boolean(fact[1])));
}
