import { nearest } from '../error/nearest.ts';
import { criterionKeys } from '../gate/criteria.ts';
import type { ConfigPath, LintFinding, LintInput } from './lint-input.ts';
import { scopeWords, type Waiver } from './waiver.ts';

const day = 86_400_000;
/** Days before its end from which a waiver is announced. */
const soon = 14;
/** Days that a waiver may hold without a question. */
const long = 366;

/** Each waiver once, with everything that the environments it is for have. */
export function lintWaivers({ scopes, now }: LintInput): readonly LintFinding[] {
  const all = new Map<string, { readonly waiver: Waiver; readonly path: ConfigPath; readonly gates: Set<string> }>();
  for (const { policy, waiverAt } of scopes)
    for (const [index, waiver] of policy.waivers.entries()) {
      const path = waiverAt[index] ?? ['waivers'];
      const key = path.join('\0');
      const known = all.get(key) ?? { waiver, path, gates: new Set<string>() };
      for (const { name, criteria } of policy.gates) {
        known.gates.add(name);
        for (const criterion of criteria) known.gates.add(`${name} ${criterion.key}`).add(`* ${criterion.key}`);
      }
      all.set(key, known);
    }
  return [...all.values()].flatMap(({ waiver, path, gates }) => [
    ...lintDates(waiver, path, now),
    ...lintScope(waiver, path, gates),
  ]);
}

function lintDates(waiver: Waiver, path: ConfigPath, now: string): readonly LintFinding[] {
  const left = (Date.parse(waiver.expires) - Date.parse(now)) / day;
  // The instant is the first after the last day.
  const last = new Date(Date.parse(waiver.expires) - day).toISOString().slice(0, 10);
  const finding = (rule: string, message: string, advice: string): LintFinding => ({
    rule,
    level: 'warning',
    path: [...path, 'expires'],
    message: `the waiver of ${scopeWords(waiver.scope)} ${message}`,
    advice,
  });
  if (left <= 0) return [finding('waiver-expired', `held until ${last} and counts no more`, 'leave it out')];
  if (left <= soon) return [finding('waiver-expiring', `holds until ${last} only`, 'repair what it is about')];
  if (left > long) return [finding('waiver-long', `holds for more than a year`, 'set a date to look at it again')];
  return [];
}

function lintScope({ scope }: Waiver, path: ConfigPath, gates: ReadonlySet<string>): readonly LintFinding[] {
  const { gate, rule } = scope;
  const finding = (key: string, message: string, advice: string): readonly LintFinding[] => [
    { rule: 'waiver-of-nothing', level: 'error', path: [...path, key], message, advice },
  ];
  const names = [...gates].filter((each) => !each.includes(' '));
  if (gate !== null && !gates.has(gate))
    return finding(
      'gate',
      `the waiver is for the gate ${gate}, which no environment has`,
      `known: ${names.join(', ')}`,
    );
  const isCriterion = rule !== null && criterionKeys.some((key) => key === rule);
  if (isCriterion && !gates.has(`${gate ?? '*'} ${rule}`))
    return finding(
      'rule',
      `the waiver is for ${rule}, which ${gate === null ? 'no gate' : `gate ${gate}`} asks for`,
      'leave it out',
    );
  if (rule !== null && !isCriterion && (gate !== null || /^(?:min|max)_/.test(rule))) {
    const guess = nearest(rule, criterionKeys);
    return finding(
      'rule',
      `${rule} is no criterion of a gate`,
      guess === null ? 'name a criterion, or leave the gate out for the rule of a scanner' : `did you mean ${guess}?`,
    );
  }
  return [];
}
