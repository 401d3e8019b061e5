import type { Deployment } from '../../../core/history/outcome.ts';
import { short } from '../../../core/report/encode.ts';
import { number, plural } from '../../../core/signal/format.ts';

/** Deployments of a service to an environment, by what is known of them. */
export interface Counts {
  /** With an outcome that somebody or something saw. */
  readonly observed: number;
  readonly failures: number;
  readonly pending: number;
  /** With an outcome that was guessed from the history of the code. */
  readonly inferred: number;
}

export function countsNow(deployments: readonly Pick<Deployment, 'outcome' | 'basis'>[]): Counts {
  const counts = { observed: 0, failures: 0, pending: 0, inferred: 0 };
  for (const { outcome, basis } of deployments) {
    if (outcome === 'pending') counts.pending += 1;
    else if (basis === 'inferred') counts.inferred += 1;
    else {
      counts.observed += 1;
      if (outcome !== 'success') counts.failures += 1;
    }
  }
  return counts;
}

export function countWords({ observed, failures, pending, inferred }: Counts, environment: string): string {
  const more = [
    ...(pending > 0 ? [`${number(pending)} pending`] : []),
    ...(inferred > 0 ? [`${number(inferred)} inferred`] : []),
  ];
  const beside = more.length > 0 ? `; beside them ${more.join(' and ')}` : '';
  return `${short(environment, 60)} now has ${plural(observed, 'observed outcome')}, ${plural(failures, 'failure')}${beside}`;
}
