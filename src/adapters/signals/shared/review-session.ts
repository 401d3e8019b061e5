import { AqeError } from '../../../core/error/aqe-error.ts';
import type { CodeReview } from '../../../core/evidence/reading.ts';
import type { ReadingSession, ReportFile } from '../../../ports/signal-reader.ts';
import { jsonSequenceSession } from './json-sequence.ts';

/** What is found in the answers of a code review system. */
export interface Reviewed {
  readonly fact: CodeReview;
  /** What the change was merged as, else its head; null if the answer describes no change. */
  readonly commit: string | null;
  readonly notices: readonly string[];
}

/**
 * A session for what a code review system answers: one JSON value, or the pages of a list one after the other. All changes in
 * one file must be of one commit, or the file could not be bound to a release.
 * @throws AqeError AQE2007 for answers that neither describe a change nor list reviews, AQE2003
 */
export function reviewSession(
  file: ReportFile,
  system: {
    readonly name: string;
    take(value: unknown): void;
    finish(): readonly Reviewed[];
  },
): ReadingSession {
  return jsonSequenceSession(file, {
    value: (value) => system.take(value),
    finish() {
      const found = system.finish();
      const says = found.length > 0 && found.every(({ fact }) => fact.change !== null || fact.reviews !== null);
      if (!says)
        throw new AqeError('AQE2007', 'neither author and head of a change nor its reviews are in it', {
          path: file.path,
        });
      const commits = [...new Set(found.flatMap(({ commit }) => (commit === null ? [] : [commit])))];
      if (commits.length > 1)
        throw new AqeError('AQE2003', `the changes are of ${commits.length} commits: save each in a file of its own`, {
          path: file.path,
        });
      return {
        producer: { name: system.name },
        ...(commits[0] === undefined ? {} : { commit: commits[0] }),
        facts: found.map(({ fact }) => fact),
        notices: [...new Set(found.flatMap(({ notices }) => notices))],
      };
    },
  });
}
