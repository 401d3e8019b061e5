import type { DeploymentStanding } from '../history/decided-deployment.ts';
import type { DecisionRecord } from '../history/decision-record.ts';
import type { Deployment } from '../history/outcome.ts';
import type { Share } from '../history/share.ts';
import { fewestForShare } from '../history/time-window.ts';
import { number, plural } from '../signal/format.ts';
import { short } from './encode.ts';

export const standingTitles: Readonly<Record<DeploymentStanding, string>> = {
  approved: 'approved',
  opened: 'opened by people',
  blocked: 'blocked',
  undecided: 'undecided',
  unknown: 'decision unknown',
};

/** `3 of 12, 25% (95% interval 8.9% to 53.2%)`; below five without a share, and with the reason. */
export function shareWords({ count, n, percent, interval }: Share): string {
  const counted = `${number(count)} of ${number(n)}`;
  if (percent === null || interval === null)
    return n < fewestForShare ? `${counted}, no share: it needs ${fewestForShare}` : counted;
  return `${counted}, ${number(percent)}% (95% interval ${number(interval[0])}% to ${number(interval[1])}%)`;
}

/** `success (inferred)`: a guess never looks like something that was seen. */
export function outcomeWords({ outcome, basis }: Pick<Deployment, 'outcome' | 'basis'>): string {
  return basis === 'inferred' ? `${outcome} (inferred)` : outcome;
}

/** Versions that a line names. */
const named = 5;

/** What the record amounts to: a label and its words each. Versions are encoded for one line. */
export function recordWords(record: DecisionRecord): readonly (readonly [label: string, words: string])[] {
  const { falsePass, falseBlock, trueBlock, blockedForGood, regret } = record;
  return [
    ['Approved, failed (false pass)', shareWords(falsePass)],
    ['Blocked, deployed, succeeded (false block)', shareWords(falseBlock)],
    ['Blocked, deployed, failed (true block)', shareWords(trueBlock)],
    ['Blocked, outcome never known', blockedWords(blockedForGood)],
    ['Failed after an override or emergency', shareWords(regret.opened)],
    ['Failed without one', shareWords(regret.others)],
  ];
}

function blockedWords(versions: readonly string[]): string {
  if (versions.length === 0) return 'none';
  const names = versions.slice(0, named).map((version) => short(version, 40));
  const more = versions.length - names.length;
  return `${plural(versions.length, 'release')} that never went out: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `41 deployments from 2026-01-01 to 2026-03-31, 2 of them pending, 3 inferred`. */
export function windowWords({ deployments, counts, from, to }: DecisionRecord): string {
  const sum = (key: 'pending' | 'inferred'): number =>
    Object.values(counts).reduce((total, each) => total + each[key], 0);
  const apart = (['pending', 'inferred'] as const).flatMap((key) => {
    const count = sum(key);
    return count === 0 ? [] : [`${number(count)} ${key}`];
  });
  const all = `${plural(deployments.length, 'deployment')} from ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  return apart.length === 0 ? all : `${all}, ${apart.join(' and ')}`;
}
