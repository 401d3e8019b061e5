import { lintGates } from './lint-gates.ts';
import { lintLevels, type LintFinding, type LintInput, type Mention } from './lint-input.ts';
import { lintPeople } from './lint-people.ts';
import { lintRules } from './lint-rules.ts';
import { lintWaivers } from './lint-waivers.ts';

/** Everything that is wrong or doubtful, errors first, then by place in the config; each once, however many environments have it. */
export function lintPolicy(input: LintInput): readonly LintFinding[] {
  const found = [
    ...input.scopes.flatMap((scope) => [...lintGates(scope, input), ...lintPeople(scope), ...lintRules(scope, input)]),
    ...lintWaivers(input),
    ...lintNames(input),
    ...lintKeys(input),
  ];
  const byText = new Map(found.map((each) => [JSON.stringify([each.rule, each.path, each.message]), each]));
  return [...byText.values()].sort((a, b) => lintLevels.indexOf(a.level) - lintLevels.indexOf(b.level));
}

function lintNames(input: LintInput): readonly LintFinding[] {
  const { environments, environmentsNamed, groups, groupsNamed, gatesLeftOut } = input;
  const unknown = (rule: string, what: string, { name, path }: Mention, known: readonly string[]): LintFinding => ({
    rule,
    level: 'error',
    path,
    message: `there is no ${what} ${name}`,
    advice: known.length === 0 ? `define the ${what}, or leave the name out` : `known: ${known.join(', ')}`,
  });
  return [
    ...environmentsNamed
      .filter(({ name }) => environments !== null && !environments.includes(name))
      .map((mention) => unknown('environment-unknown', 'environment', mention, environments ?? [])),
    ...groupsNamed
      .filter(({ name }) => !groups.includes(name))
      .map((mention) => unknown('group-unknown', 'group', mention, groups)),
    ...gatesLeftOut
      .filter(({ name, known }) => !known.includes(name))
      .map((mention) => unknown('gate-unknown', 'gate', mention, mention.known)),
  ];
}

function lintKeys({ isFromRevision, keyFiles, scopes }: LintInput): readonly LintFinding[] {
  if (isFromRevision || keyFiles === 0 || scopes.length === 0) return [];
  return [
    {
      rule: 'keys-in-the-work-tree',
      level: 'info',
      path: ['keys_directory'],
      message: 'public keys are read from the work tree: whoever can change it can add a key for anybody',
      advice: 'set policy.ref to a protected branch, and AQE_POLICY_REF in the pipeline',
    },
  ];
}
