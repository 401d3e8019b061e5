import type { Directory } from './directory.ts';
import type { OwedReview } from './sanctions.ts';

/** A review that an emergency approval owes (`open`, by whoever approved), and its end (`done`, by somebody else). */
export interface Review {
  readonly id: string;
  readonly version: string;
  /** Id of the emergency approval. */
  readonly approval: string;
  readonly state: string;
  readonly dueAt: string;
  readonly by: string;
  readonly identity: string;
}

/** Reviews that nobody else than the approver has closed. */
export function owedReviews(reviews: readonly Review[], directory: Directory, now: string): readonly OwedReview[] {
  return reviews
    .filter(({ state }) => state === 'open')
    .filter((open) => !reviews.some((each) => closes(each, open, directory)))
    .map(({ approval, version, dueAt }) => {
      // A due date that cannot be read is one that has passed.
      const overdue = !(Date.parse(now) <= Date.parse(dueAt));
      return { approval, version, dueAt, overdue };
    });
}

/** Whether a record ends a review: the emergency approver cannot. */
export function closes(done: Review, open: Review, directory: Directory): boolean {
  return done.state === 'done' && done.approval === open.approval && !isSameSpeaker(done, open, directory);
}

export function isSameSpeaker(
  one: Pick<Review, 'by' | 'identity'>,
  other: Pick<Review, 'by' | 'identity'>,
  directory: Directory,
): boolean {
  const person = directory.find(one.by);
  if (one.identity === other.identity || one.by.toLowerCase() === other.by.toLowerCase()) return true;
  return person !== null && directory.isOneOf(person, [other.by]);
}
