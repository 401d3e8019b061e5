import type { ApprovalPolicy } from '../policy/people.ts';
import type { Sanctions } from './sanctions.ts';

/** A step of the escalation list whose time has come, and since when somebody waits. */
export interface ReachedStep {
  readonly after: number;
  readonly to: readonly string[];
  readonly since: string;
}

/** When it was first asked for, of requests that still hold; null while nobody asks. */
export function askedSince(
  requests: readonly { readonly decisionDigest: string; readonly createdAt: string; readonly expiresAt: string }[],
  decisionDigest: string,
  now: string,
): string | null {
  const times = requests
    .filter((each) => each.decisionDigest === decisionDigest && Date.parse(now) < Date.parse(each.expiresAt))
    .map(({ createdAt }) => createdAt);
  return times.sort()[0] ?? null;
}

/** Steps that are reached while an approval that was asked for is missing. */
export function reachedSteps(
  { escalation }: Pick<ApprovalPolicy, 'escalation'>,
  { requirements }: Pick<Sanctions, 'requirements'>,
  since: string | null,
  now: string,
): readonly ReachedStep[] {
  if (since === null || requirements.every(({ missing }) => missing === 0)) return [];
  const waited = Date.parse(now) - Date.parse(since);
  return escalation.filter(({ after }) => waited >= after).map((step) => ({ ...step, since }));
}
