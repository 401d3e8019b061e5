import { freezesFor, type FreezeScope } from '../core/freeze/active-freezes.ts';
import type { FrozenBy } from '../core/freeze/freeze.ts';
import type { Workspace } from './workspace.ts';

export interface FoundFreezes {
  /** Freezes that hold; empty: releases may go out. */
  readonly active: readonly FrozenBy[];
  readonly upcoming: readonly FrozenBy[];
}

/** Freezes of an environment and region at an instant, and the next ones after it. @throws AqeError AQE3020. */
export async function findFreezes(
  { policy, freezeCalendar }: Pick<Workspace, 'policy' | 'freezeCalendar'>,
  { at, count, ...scope }: FreezeScope & { readonly at: Date; readonly count: number },
): Promise<FoundFreezes> {
  const rules = freezesFor(policy.freezes, scope);
  const [active, upcoming] = await Promise.all([
    freezeCalendar.freezesAt(rules, at),
    count === 0 ? [] : freezeCalendar.nextFreezes(rules, at, count),
  ]);
  return { active, upcoming };
}
