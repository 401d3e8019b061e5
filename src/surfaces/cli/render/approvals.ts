import type { DecisionAtHand } from '../../../app/decision-at-hand.ts';
import type { ApprovalRecord } from '../../../ports/store.ts';
import type { Agreement, Sanctions } from '../../../core/approval/sanctions.ts';
import { ageOf } from '../../../core/report/present.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import type { Style } from '../style.ts';
import { page, type Page } from './page.ts';

interface Recorded {
  readonly record: Omit<ApprovalRecord, 'envelope'>;
  readonly trouble: string | null;
  readonly doubt: string;
  readonly hand: DecisionAtHand;
  readonly more: Readonly<Record<string, string | null>>;
}

const verbs: Readonly<Record<string, string>> = {
  approve: 'approval',
  reject: 'rejection',
  override: 'override of gate',
  emergency: 'EMERGENCY approval',
  withdraw: 'withdrawal of',
};

/** What was recorded, and whether it counts. */
export function recordedPage({ record, trouble, doubt, hand, more }: Recorded, style: Style): string {
  const out = page(style);
  const { person, identity, kind, target, expiresAt, id } = record;
  const what = `${verbs[kind] ?? kind}${target === '' ? '' : ` ${short(target, 60)}`}`;
  out.mark(
    trouble === null ? 'pass' : 'warn',
    `recorded: ${what} by ${short(person, 100)} (${short(identity, 30)}) for ${subject(hand)}`,
    { at: 0 },
  );
  // A no, and a word taken back, hold until the same person says something else.
  const until = kind === 'reject' || kind === 'withdraw' ? '' : `, holds until ${expiresAt}`;
  out.line(`  id ${id}, decision ${hand.decided.decisionDigest.slice(0, 12)}${until}`, 'dim');
  if (trouble !== null) {
    out.mark('fail', `does not count: ${short(trouble, 300)}`, { at: 0 });
    if (doubt !== '') out.line(`  ${short(doubt, 300)}`);
  }
  for (const [name, value] of Object.entries(more)) if (value !== null) out.line(`  ${name}: ${value}`);
  return out.text();
}

export function subject({ service, version, environment }: DecisionAtHand): string {
  return `${short(service, 60)} ${short(version, 60)} to ${short(environment, 40)}`;
}

/** Everything that is asked for, how far it is met, and what does not count. */
export function approvalsPage(sanctions: Sanctions, style: Style, since?: Since): string {
  const out = page(style);
  const { requirements, overrides, emergency, rejections, reviews } = sanctions;
  for (const { requirement, ...state } of requirements)
    progress(out, requirement.name, `${requirement.count - state.missing} of ${requirement.count}`, state, since);
  for (const { gate, ...state } of overrides) progress(out, `override of gate ${gate}`, agreedWords(state), state);
  if (emergency) progress(out, 'EMERGENCY approval', agreedWords(emergency), emergency);
  for (const { person, comment } of rejections)
    out.mark('fail', `rejected by ${short(person, 100)}: ${short(comment, 300)}`);
  for (const { kind, person, reason, id } of sanctions.void)
    out.mark(
      'unknown',
      `${short(kind, 20)} by ${short(person, 100)} does not count: ${short(reason, 300)} [${short(id, 40)}]`,
    );
  for (const { version, dueAt, overdue } of reviews)
    out.mark(
      'warn',
      `review of the emergency approval of ${short(version, 60)} ${overdue ? 'WAS' : 'is'} due ${dueAt}`,
    );
  if (requirements.length + overrides.length === 0 && emergency === null)
    out.mark('skip', 'this decision asks for no approval');
  return out.text();
}

/** When it was first asked for; `at` is null while nobody did. */
interface Since {
  readonly at: string | null;
  readonly now: string;
}

interface State {
  readonly agreed: readonly Agreement[];
  readonly missing: number;
  readonly waitingFor: readonly string[];
}

function agreedWords({ agreed }: State): string {
  return `${agreed.length} agreed`;
}

function progress(out: Page, name: string, given: string, { agreed, missing, waitingFor }: State, since?: Since): void {
  const of = `${short(name, 100)}: ${given}`;
  if (missing === 0) out.mark('pass', of);
  else {
    const people = waitingFor.map((each) => short(each, 100)).join(', ');
    const who = people === '' ? 'nobody in the policy can give it' : `waiting for ${people}`;
    out.mark('warn', `${of}, ${plural(missing, 'approval')} missing; ${who}${sinceWords(since)}`);
  }
  for (const { person, role, identity, until, comment } of agreed) {
    const words = comment === '' ? '' : `: ${short(comment, 200)}`;
    const as = role === null ? '' : ` (${short(role, 60)})`;
    out.line(`      ${short(person, 100)}${as}, until ${until}, ${short(identity, 30)}${words}`, 'dim');
  }
}

function sinceWords(since: Since | undefined): string {
  if (since === undefined) return '';
  if (since.at === null) return '; nobody asked for it yet';
  return `; asked for ${ageOf(since.at, since.now)} ago, at ${since.at}`;
}
