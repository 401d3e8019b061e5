import { shortestJustification } from '../core/approval/word.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { nearest } from '../core/error/nearest.ts';
import { decisionAtHand } from './decision-at-hand.ts';
import type { ApprovalInput, Given } from './give-approval.ts';
import { recordWord, type ApprovalDeps } from './record-word.ts';
import { judgedBy } from './sanctions-now.ts';

/** Agrees to pass a gate that is closed. @throws AqeError AQE3001, AQE3030 to AQE3035, 6xxx. */
export async function overrideGate(
  deps: ApprovalDeps,
  { gate, ...input }: ApprovalInput & { readonly gate: string },
): Promise<Given> {
  const { policy } = deps;
  if (!policy.overrides.enabled) throw new AqeError('AQE3035', 'the policy allows no overrides');
  const names = policy.gates.map(({ name }) => name);
  if (!names.includes(gate)) {
    const guess = nearest(gate, names);
    const words = `there is no gate ${JSON.stringify(gate.slice(0, 60))}${guess ? `; did you mean ${guess}?` : ''}`;
    throw new AqeError('AQE3001', words, { gates: names.join(', ') });
  }
  if (policy.overrides.justificationRequired) requireJustification(input.comment);
  const hand = await decisionAtHand(deps, input.version, input.digest);
  const { closedGates } = judgedBy(hand.decided, policy, hand.said);
  if (!closedGates.includes(gate))
    throw new AqeError('AQE3035', `${gate} is not closed in the assessment of ${hand.assessedAt}`, {
      closed: closedGates.join(', '),
    });
  return { hand, ...(await recordWord(deps, hand, { kind: 'override', target: gate, ...input })) };
}

/** @throws AqeError AQE3034. */
export function requireJustification(text: string, flag = '--justification'): void {
  if (text.trim().length >= shortestJustification) return;
  throw new AqeError('AQE3034', text.trim() === '' ? `${flag} is missing` : `${text.trim().length} characters`);
}
