import type { ApprovalRequirement, Person, Role } from './people.ts';
import type { Policy } from './policy.ts';
import { durationWords, effectOf, entries, members, moved, same, type PolicyDifference } from './policy-difference.ts';

/** Who may say what, in two policies. */
export function comparePeople(from: Policy, to: Policy): readonly PolicyDifference[] {
  return [
    ...entries('people', named(from.people), named(to.people), {
      added: () => 'other',
      removed: () => 'other',
      changed: comparePerson,
    }),
    ...entries('role', from.roles, to.roles, { added: () => 'other', removed: () => 'other', changed: compareRole }),
    ...compareApprovals(from, to),
    ...compareOverrides(from, to),
    ...compareEmergency(from, to),
  ];
}

interface NamedPerson {
  readonly name: string;
  readonly person: Person;
}

function named(people: readonly Person[]): readonly NamedPerson[] {
  return people.map((person) => ({ name: person.id, person }));
}

function comparePerson({ name, person: from }: NamedPerson, { person: to }: NamedPerson): readonly PolicyDifference[] {
  const change = (what: string, one: unknown, other: unknown): readonly PolicyDifference[] =>
    same(one, other) ? [] : [{ words: `people: ${what} of ${name} changed`, effect: 'other' }];
  return [
    ...change('name', from.name, to.name),
    ...change('aliases', from.aliases.toSorted(), to.aliases.toSorted()),
    ...change('key', from.keys.toSorted(), to.keys.toSorted()),
  ];
}

function compareRole(from: Role, to: Role): readonly PolicyDifference[] {
  return members(`role ${from.name}: person`, from.people, to.people, { added: 'weaker', removed: 'stricter' });
}

function compareApprovals({ approvals: from }: Policy, { approvals: to }: Policy): readonly PolicyDifference[] {
  return [
    ...entries<ApprovalRequirement>('approvals: requirement', from.required, to.required, {
      added: () => 'stricter',
      removed: () => 'weaker',
      changed: (old, now) => [
        ...moved(`approvals: ${old.name}, when`, old.when, now.when),
        ...moved(`approvals: ${old.name}, count`, old.count, now.count, {
          effect: effectOf(old.count, now.count, 'stricter'),
        }),
        ...rolesOf(`approvals: ${old.name}, role`, old.roles, now.roles),
      ],
    }),
    ...allowed('approvals: allow_author', from.allowAuthor, to.allowAuthor),
    ...allowed('approvals: allow_unverified', from.allowUnverified, to.allowUnverified),
    ...time('approvals: expires_after', from.expiresAfter, to.expiresAfter),
    ...(same(from.escalation, to.escalation)
      ? []
      : [{ words: 'approvals: escalation changed', effect: 'other' } as const]),
  ];
}

/** No role at all means anybody, so more roles are not always stricter. */
function rolesOf(name: string, from: readonly string[], to: readonly string[]): readonly PolicyDifference[] {
  if (from.length > 0 && to.length > 0) return members(name, from, to, { added: 'weaker', removed: 'stricter' });
  return members(name, from, to, { added: 'stricter', removed: 'weaker' });
}

function compareOverrides({ overrides: from }: Policy, { overrides: to }: Policy): readonly PolicyDifference[] {
  return [
    ...allowed('overrides: enabled', from.enabled, to.enabled),
    ...members('overrides: role', from.requiresApprovalFrom, to.requiresApprovalFrom, {
      added: 'other',
      removed: 'other',
    }),
    ...moved('overrides: approvals needed', from.count, to.count, {
      effect: effectOf(from.count, to.count, 'stricter'),
    }),
    ...moved('overrides: justification required', from.justificationRequired, to.justificationRequired, {
      effect: to.justificationRequired ? 'stricter' : 'weaker',
      words: yesNo,
    }),
    ...moved('overrides: audit_log', from.auditLog, to.auditLog, {
      effect: to.auditLog ? 'stricter' : 'weaker',
      words: yesNo,
    }),
    ...time('overrides: max_duration', from.maxDuration, to.maxDuration),
  ];
}

function compareEmergency({ emergency: from }: Policy, { emergency: to }: Policy): readonly PolicyDifference[] {
  return [
    ...members('emergency: role', from.roles, to.roles, { added: 'weaker', removed: 'stricter' }),
    ...moved('emergency: approvals needed', from.count, to.count, {
      effect: effectOf(from.count, to.count, 'stricter'),
    }),
    ...time('emergency: review_within', from.reviewWithin, to.reviewWithin),
    ...time('emergency: expires_after', from.expiresAfter, to.expiresAfter),
  ];
}

function allowed(name: string, from: boolean, to: boolean): readonly PolicyDifference[] {
  return moved(name, from, to, { effect: to ? 'weaker' : 'stricter', words: yesNo });
}

function time(name: string, from: number, to: number): readonly PolicyDifference[] {
  return moved(name, from, to, { effect: effectOf(from, to, 'weaker'), words: durationWords });
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
