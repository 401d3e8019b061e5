import { directoryOf } from '../core/approval/directory.ts';
import { closes, isSameSpeaker } from '../core/approval/reviews.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { ReviewRecord } from '../ports/store.ts';
import { commentOf, eventOf, refuse, type ApprovalDeps } from './record-word.ts';
import { whatWasSaid } from './sanctions-now.ts';
import { requireJustification } from './override-gate.ts';
import { voiceOf } from './voice.ts';

/**
 * Closes the reviews that emergency approvals of a release owe. It takes somebody else than those who approved, and their key
 * unless the policy lets words count without one.
 * @throws AqeError AQE3032, which is logged too, AQE3037, 6xxx.
 */
export async function closeReview(
  deps: ApprovalDeps,
  {
    version,
    note,
    approver,
  }: { readonly version: string; readonly note: string; readonly approver: string | undefined },
): Promise<readonly ReviewRecord[]> {
  requireJustification(note, '--note');
  const { policy, store, clock, identity } = deps;
  const { service, environment } = policy;
  const said = await whatWasSaid(store, { service, version, environment });
  const directory = directoryOf(policy);
  const open = said.reviews.filter(
    (each) =>
      each.state === 'open' &&
      each.version === version &&
      each.environment === environment &&
      !said.reviews.some((other) => closes(other, each, directory)),
  );
  if (open.length === 0) throw new AqeError('AQE3037', `${service} ${version} to ${environment} owes none`);

  const voice = await voiceOf(deps, directory, approver);
  const at = clock.now().toISOString();
  // A review is about a release, not about a decision.
  const hand = { service, version, environment, decided: null };
  const refusal = (reason: string): Promise<never> =>
    refuse(deps, hand, { action: 'emergency.refused', voice, target: open[0]!.id, reason, at });
  if (voice.refusal !== null) return refusal(voice.refusal);
  if (!policy.approvals.allowUnverified && voice.verified === null)
    return refusal(`nothing verifies who closes the review: ${voice.doubt}`);
  const speaker = { by: voice.person, identity: voice.identity };
  const others = open.filter((each) => !isSameSpeaker(speaker, each, directory));
  if (others.length === 0) return refusal(`${voice.person} approved the emergency: somebody else has to review it`);

  const text = commentOf(deps, note);
  const done = others.map((each) => ({
    ...each,
    id: identity.newId(),
    state: 'done',
    ...speaker,
    note: text,
    createdAt: at,
  }));
  const [first, ...rest] = done.map(({ approval }) =>
    eventOf(deps, hand, { action: 'review.done', voice, target: approval, reason: text, at }),
  );
  await store.commit({ reviews: done }, [first!, ...rest]);
  return done;
}
