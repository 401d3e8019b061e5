import type { OpenedBy } from '../gate/evaluate-gate.ts';
import type { RequirementKind } from '../policy/people.ts';
import { directoryOf, type Directory } from './directory.ts';
import { progressOf, type Place, type Progress } from './progress.ts';
import { owedReviews, type Review } from './reviews.ts';
import type { EmergencyState, OverrideState, RequirementState, Sanctions, VoidRecord } from './sanctions.ts';
import { standingOf, type ApprovalRules, type Standing, type StandingInput } from './standing.ts';
import { heard } from './heard.ts';
import type { Word } from './word.ts';

export interface SanctionsInput extends Omit<StandingInput, 'reviewed'> {
  /** Kinds of approval that the decision asks for. */
  readonly kinds: readonly RequirementKind[];
  /** What was said about this release, oldest first. */
  readonly records: readonly Word[];
  /** Every review of the service, oldest first. */
  readonly reviews: readonly Review[];
}

/**
 * What people said, and what it is worth for one decision at one time. A word counts only if it is about exactly this
 * decision, holds now, is from a person whom the policy knows and who neither wrote nor asked for it, and carries that
 * person's signature. Everything else is void and has no effect at all, whatever it says.
 */
export function sanctionsFor(given: SanctionsInput): Sanctions {
  const { policy, records, reviews, now } = given;
  const input = { ...given, signedBy: once(given.signedBy) };
  const directory = directoryOf(policy);
  const reviewed = reviews.filter(({ state }) => state === 'open').map(({ approval }) => approval);
  const judge = standingOf({ ...input, reviewed });
  const judged = records.map((word) => ({ word, standing: judge(word) }));
  const { counting, unheard } = heard(judged.flatMap(({ standing }) => (typeof standing === 'string' ? [] : standing)));
  const useless = new Map(unheard);
  for (const each of counting) {
    const trouble = roleTrouble(each, input, directory);
    if (trouble !== null) useless.set(each.word.id, trouble);
  }
  const useful = counting.filter(({ word }) => !useless.has(word.id));
  const of = (kind: Standing['kind']): readonly Standing[] => useful.filter((each) => each.kind === kind);
  const progress = (voices: readonly Standing[], places: readonly Place[]): Progress =>
    progressOf(voices, places, input, directory);
  const asked = claimed(input);

  return {
    requirements: policy.approvals.required
      .filter(({ when }) => input.kinds.includes(when))
      .map((requirement): RequirementState => {
        const { agreed, missing, waitingFor } = progress(of('approve'), placesOf(requirement));
        return { requirement, agreed, missing, waitingFor };
      }),
    overrides: [...new Set(asked.filter(({ kind }) => kind === 'override').map(({ word }) => word.target))]
      .sort()
      .map((gate): OverrideState => {
        const voices = of('override').filter(({ word }) => word.target === gate);
        return { gate, ...stateOf(progress(voices, overridePlaces(policy))) };
      }),
    emergency: asked.some(({ kind }) => kind === 'emergency')
      ? stateOf(progress(of('emergency'), placesOf(policy.emergency)))
      : null,
    rejections: of('reject').map(({ word, person, until }) => ({
      id: word.id,
      person: person.id,
      role: null,
      identity: word.identity,
      comment: word.comment,
      at: word.createdAt,
      until,
    })),
    void: judged.flatMap(({ word, standing }): readonly VoidRecord[] => {
      const reason = typeof standing === 'string' ? standing : useless.get(word.id);
      return reason === undefined ? [] : [{ id: word.id, kind: word.kind, person: word.person, reason }];
    }),
    reviews: owedReviews(reviews, directory, now),
  };
}

/** Signatures are slow to check, and every word is judged twice. */
function once(signedBy: SanctionsInput['signedBy']): SanctionsInput['signedBy'] {
  const known = new Map<Word, string | null>();
  return (word, keys) => {
    const before = known.get(word);
    const key = before === undefined ? signedBy(word, keys) : before;
    known.set(word, key);
    return key;
  };
}

/** Roles whose holders are asked, for each kind of word; null where nobody is. No roles: anybody. */
export function rolesAsked(
  kind: Standing['kind'],
  { policy, kinds }: { readonly policy: ApprovalRules; readonly kinds: readonly RequirementKind[] },
): readonly string[] | null {
  if (kind === 'override') return policy.overrides.requiresApprovalFrom;
  if (kind === 'emergency') return policy.emergency.roles;
  if (kind === 'withdraw') return [];
  const asked = policy.approvals.required.filter(({ when }) => kind === 'reject' || kinds.includes(when));
  const roles = asked.map((each) => each.roles);
  // Who could let the release through in any way may stop it.
  if (kind === 'reject') roles.push(policy.overrides.requiresApprovalFrom, policy.emergency.roles);
  if (roles.length === 0) return null;
  return roles.some((each) => each.length === 0) ? [] : [...new Set(roles.flat())];
}

function roleTrouble({ kind, person }: Standing, input: SanctionsInput, directory: Directory): string | null {
  const roles = rolesAsked(kind, input);
  if (roles === null) return 'this decision asks for no approval';
  if (directory.hasOneOf(person, roles)) return null;
  return `${person.id} has none of the roles that are asked: ${roles.join(', ')}`;
}

/** What was said, whether or not anything verifies by whom: so far it may only be a wish. */
function claimed(input: SanctionsInput): readonly Standing[] {
  const approvals = { ...input.policy.approvals, allowUnverified: true };
  const reviewed = input.records.map(({ id }) => id);
  const judge = standingOf({ ...input, reviewed, policy: { ...input.policy, approvals } });
  const standings = input.records.map(judge).filter((each) => typeof each !== 'string');
  return heard(standings).counting;
}

export function placesOf({
  roles,
  count,
}: {
  readonly roles: readonly string[];
  readonly count: number;
}): readonly Place[] {
  return Array.from({ length: count }, () => roles);
}

/** With as many agreements as roles, each role has a place of its own. */
export function overridePlaces({ overrides: { requiresApprovalFrom: roles, count } }: ApprovalRules): readonly Place[] {
  if (count < roles.length) return placesOf({ roles, count });
  return [...roles.map((role) => [role]), ...placesOf({ roles, count: count - roles.length })];
}

function stateOf({ agreed, missing, waitingFor, decisive }: Progress): EmergencyState {
  return { agreed, missing, waitingFor, opened: missing === 0 ? openedBy(decisive) : null };
}

function openedBy(decisive: Progress['decisive']): OpenedBy {
  return {
    people: decisive.map(({ person }) => person),
    justification: [...new Set(decisive.map(({ comment }) => comment))].filter((text) => text !== '').join('; '),
    until: decisive.map(({ until }) => until).sort()[0]!,
  };
}
