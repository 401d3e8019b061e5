import type { Assessment } from '../decision/assessment.ts';
import type { Agreement } from '../approval/sanctions.ts';
import { scopeWords, type WaiverUse } from '../policy/waiver.ts';
import { plural } from '../signal/format.ts';

/** Something that every report has to say beside the verdict. `loud` must not be overlooked. */
export interface StandingNotice {
  readonly level: 'loud' | 'warn' | 'info';
  readonly text: string;
}

type Noticed = Pick<Assessment, 'approvals' | 'freezes' | 'waivers' | 'policyChange' | 'policySource' | 'gates'>;

/** Emergencies, overrides, approvals, waivers, freezes and changes of the policy, the loudest first. Text only: callers encode it. */
export function standingNotices(assessment: Noticed): readonly StandingNotice[] {
  const all = [
    ...emergencyNotices(assessment),
    ...overrideNotices(assessment),
    ...approvalNotices(assessment),
    ...assessment.freezes.map(({ name, until, reason }) =>
      notice('warn', `change freeze ${name} until ${until}${reason === '' ? '' : `: ${reason}`}`),
    ),
    ...policyNotices(assessment),
    ...assessment.waivers.map(waiverNotice),
    // Anybody can say many of these: they come last, where a list is cut.
    ...voidNotices(assessment),
    ...assessment.gates.gateResults.flatMap(({ gate, effectiveOn }) =>
      effectiveOn === null
        ? []
        : [notice('info', `gate ${gate} counts from ${effectiveOn}; until then it is in shadow`)],
    ),
  ];
  const order = ['loud', 'warn', 'info'];
  return all.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function notice(level: StandingNotice['level'], text: string): StandingNotice {
  return { level, text };
}

function emergencyNotices({ approvals: { emergency, reviews } }: Noticed): readonly StandingNotice[] {
  const opened = emergency?.opened;
  return [
    ...(opened
      ? [
          notice(
            'loud',
            `EMERGENCY approval by ${opened.people.join(' and ')} until ${opened.until}: ${opened.justification}`,
          ),
        ]
      : emergency
        ? [notice('warn', `emergency approval asked for; ${waiting(emergency)}`)]
        : []),
    ...reviews.map(({ version, dueAt, overdue }) =>
      notice('warn', `the review of the emergency approval of ${version} ${overdue ? 'was' : 'is'} due ${dueAt}`),
    ),
  ];
}

function overrideNotices({ approvals: { overrides } }: Noticed): readonly StandingNotice[] {
  return overrides.map(({ gate, opened, ...state }) =>
    opened
      ? notice(
          'loud',
          `OVERRIDE of gate ${gate} by ${opened.people.join(' and ')} until ${opened.until}: ${opened.justification}`,
        )
      : notice('warn', `override of gate ${gate} asked for; ${waiting(state)}`),
  );
}

function approvalNotices({ approvals }: Noticed): readonly StandingNotice[] {
  return [
    ...approvals.rejections.map(({ person, comment }) => notice('loud', `rejected by ${person}: ${comment}`)),
    ...approvals.requirements.map(({ requirement, ...state }) =>
      state.missing === 0
        ? notice('info', `${requirement.name}: approved by ${state.agreed.map(agreementWords).join(' and ')}`)
        : notice('warn', `${requirement.name}: ${waiting(state)}`),
    ),
  ];
}

function voidNotices({ approvals }: Noticed): readonly StandingNotice[] {
  return approvals.void.map(({ kind, person, reason }) =>
    notice('warn', `${kind} by ${person} does not count: ${reason}`),
  );
}

function agreementWords({ person, role, identity, until }: Agreement): string {
  const verified = identity.startsWith('ed25519:') ? '' : `, ${identity}`;
  return `${person} (${role === null ? '' : `${role}, `}until ${until}${verified})`;
}

function waiting({
  agreed,
  missing,
  waitingFor,
}: {
  readonly agreed: readonly Agreement[];
  readonly missing: number;
  readonly waitingFor: readonly string[];
}): string {
  const given = agreed.length > 0 ? `agreed: ${agreed.map(({ person }) => person).join(', ')}; ` : '';
  const people = waitingFor.length > 0 ? `waiting for ${waitingFor.join(', ')}` : 'nobody in the policy can give it';
  return `${given}${plural(missing, 'approval')} missing, ${people}`;
}

function policyNotices({ policyChange, policySource: { path, ref, commit } }: Noticed): readonly StandingNotice[] {
  return [
    ...(policyChange
      ? [
          notice('warn', `the release changes its own policy: ${policyChange.words}`),
          ...policyChange.parts.map((part) => notice('info', `policy: ${part}`)),
        ]
      : []),
    ...(ref === null ? [] : [notice('info', `policy read from ${ref} (${commit?.slice(0, 9)}), ${path}`)]),
  ];
}

function waiverNotice({ scope, state, expires, reason, approver, applied }: WaiverUse): StandingNotice {
  const until = expires.slice(0, 10);
  const words = `${scopeWords(scope)}: ${reason} (${approver})`;
  if (state === 'expired') return notice('warn', `waiver expired ${until} and counts no more: ${words}`);
  return applied.length > 0
    ? notice('warn', `waived before ${until}: ${words}; takes away ${applied.join(', ')}`)
    : notice('info', `waiver before ${until} that nothing needs: ${words}`);
}
