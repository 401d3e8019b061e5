import { directoryOf } from '../approval/directory.ts';
import { fillPlaces } from '../approval/fill-places.ts';
import { overridePlaces, placesOf } from '../approval/sanctions-for.ts';
import type { ConfigPath, LintFinding, LintScope } from './lint-input.ts';
import type { Person } from './people.ts';

/** A set of agreements that the policy asks for. */
interface Asked {
  readonly what: string;
  readonly roles: readonly string[];
  readonly places: readonly (readonly string[])[];
  readonly path: ConfigPath;
}

export function lintPeople(scope: LintScope): readonly LintFinding[] {
  return [
    ...askedOf(scope).flatMap((asked) => lintAsked(asked, scope)),
    ...lintIdentities(scope),
    ...lintLaxity(scope),
  ];
}

function askedOf(scope: LintScope): readonly Asked[] {
  const { approvals, overrides, emergency } = scope.policy;
  return [
    ...approvals.required.map(({ name, roles, count }, index): Asked => {
      const entry = scope.at('approvals', 'required', String(index));
      return {
        what: `the approval ${name}`,
        roles,
        places: placesOf({ roles, count }),
        // Defaults stand behind what the config lists.
        path: scope.isWritten(entry) ? entry : scope.at('approvals', 'required'),
      };
    }),
    ...(overrides.enabled
      ? [
          {
            what: 'an override',
            roles: overrides.requiresApprovalFrom,
            places: overridePlaces(scope.policy),
            path: scope.at('gate_overrides', 'requires_approval_from'),
          },
        ]
      : []),
    {
      what: 'an emergency approval',
      roles: emergency.roles,
      places: placesOf(emergency),
      path: scope.at('emergency', 'from'),
    },
  ];
}

function lintAsked({ what, roles, places, path }: Asked, scope: LintScope): readonly LintFinding[] {
  const { policy } = scope;
  // What nobody wrote may be meant for releases that never need it.
  const level = scope.isWritten(path) ? 'error' : 'warning';
  const names = policy.roles.map(({ name }) => name);
  const unknown = roles.filter((role) => !names.includes(role));
  const empty = policy.roles.filter(({ name, people }) => roles.includes(name) && people.length === 0);
  const found: LintFinding[] = [
    ...unknown.map((role): LintFinding => ({
      rule: 'role-unknown',
      level,
      path,
      message: `${what} asks for the role ${role}, which is not defined`,
      advice: names.length === 0 ? 'define it under roles' : `define it under roles; known: ${names.join(', ')}`,
    })),
    ...empty.map((role): LintFinding => ({
      rule: 'role-without-people',
      level,
      path: ['roles', role.name],
      message: `${what} asks for the role ${role.name}, which nobody has`,
      advice: 'name people or a group',
    })),
  ];
  const directory = directoryOf(policy);
  const canSpeak = ({ id, keys }: Person): boolean =>
    directory.find(id) !== null && (policy.approvals.allowUnverified || keys.some((key) => !directory.isShared(key)));
  const holders = directory.people.filter((person) => directory.hasOneOf(person, roles));
  const speakers = holders.filter(canSpeak);
  const voices = speakers.map(({ id }) => ({ voice: id, person: id }));
  const fits = (id: string, place: number): boolean => directory.hasOneOf(directory.find(id)!, places[place]!);
  const filled = fillPlaces(voices, places.length, fits).length;
  if (filled >= places.length || (unknown.length > 0 && holders.length === 0)) return found;
  const silent = holders.filter((person) => !canSpeak(person)).map(({ id }) => id);
  const isEach = new Set(places.map((place) => place.join('\0'))).size > 1;
  const enough = isEach && places.every((_, place) => speakers.some(({ id }) => fits(id, place)));
  const reason =
    speakers.length === 0
      ? `nobody can give it${silent.length > 0 ? `: ${silent.join(', ')} ${silent.length === 1 ? 'has' : 'have'} no key` : ''}`
      : enough
        ? 'one person would have to speak for several roles, and each counts once'
        : `${speakers.length} of the people can give one (${speakers.map(({ id }) => id).join(', ')})`;
  return [
    ...found,
    {
      rule: enough ? 'roles-of-one-person' : 'approval-nobody-can-give',
      level,
      path,
      message: `${what} needs ${places.length}, and ${reason}`,
      advice: 'add people with keys to the roles, ask for fewer, or set approvals.allow_unverified',
    },
  ];
}

function lintIdentities(scope: LintScope): readonly LintFinding[] {
  const { people, approvals } = scope.policy;
  const found: LintFinding[] = [];
  for (const [index, person] of people.entries()) {
    const path = ['people', person.id];
    if (person.keys.length === 0 && !approvals.allowUnverified)
      found.push({
        rule: 'person-without-key',
        level: 'warning',
        path,
        message: `${person.id} has no key: no word of theirs counts`,
        advice: 'add the key that `aqe keys show` prints, under people or in keys_directory',
      });
    for (const other of people.slice(index + 1)) {
      const addresses = [other.id, ...other.aliases];
      const shared = [person.id, ...person.aliases].filter((each) => addresses.includes(each));
      if (shared.length > 0)
        found.push({
          rule: 'address-of-two',
          level: 'error',
          path,
          message: `${person.id} and ${other.id} share the address ${shared.join(', ')}: neither can speak with it`,
          advice: 'leave it to one of them',
        });
      if (person.keys.some((key) => other.keys.includes(key)))
        found.push({
          rule: 'key-of-two',
          level: 'error',
          path,
          message: `${person.id} and ${other.id} have the same key: it verifies neither`,
          advice: 'one key is one person',
        });
    }
  }
  return found;
}

function lintLaxity(scope: LintScope): readonly LintFinding[] {
  const { approvals, overrides } = scope.policy;
  const finding = (rule: string, path: ConfigPath, message: string, advice: string): LintFinding => ({
    rule,
    level: rule === 'log-cannot-be-off' ? 'error' : 'warning',
    path,
    message,
    advice,
  });
  return [
    ...(approvals.allowAuthor
      ? [
          finding(
            'authors-approve',
            scope.at('approvals', 'allow_author'),
            'authors may approve their own release',
            'leave it out, unless a team of one has to',
          ),
        ]
      : []),
    ...(approvals.allowUnverified
      ? [
          finding(
            'unverified-words-count',
            scope.at('approvals', 'allow_unverified'),
            'whoever can run the command can speak for anybody',
            'give people keys and leave it out',
          ),
        ]
      : []),
    ...(overrides.auditLog
      ? []
      : [
          finding(
            'log-cannot-be-off',
            scope.at('gate_overrides', 'audit_log'),
            'the audit log cannot be switched off',
            'leave it out',
          ),
        ]),
    ...(overrides.justificationRequired
      ? []
      : [
          finding(
            'override-without-reason',
            scope.at('gate_overrides', 'override_justification_required'),
            'a gate may be overridden without a reason',
            'leave it out',
          ),
        ]),
  ];
}
