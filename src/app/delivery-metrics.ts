import { deliveryMetricsOf, type DeliveryMetrics } from '../core/history/dora.ts';
import { deploymentsOf } from '../core/history/outcome.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { statementsIn } from './deployments.ts';

/** The metrics of one environment of the service. */
export interface EnvironmentMetrics extends DeliveryMetrics {
  readonly service: string;
  readonly environment: string;
}

/**
 * The five delivery metrics of the service in its environment, or in each that it was ever deployed to, by name. They are never put
 * together. @throws AqeError 6xxx.
 */
export async function deliveryMetrics(
  deps: { readonly policy: Policy; readonly store: Pick<Store, 'find'>; readonly clock: Clock },
  { days, allEnvironments }: { readonly days: number; readonly allEnvironments: boolean },
): Promise<readonly EnvironmentMetrics[]> {
  const { service, environment } = deps.policy;
  const now = deps.clock.now().toISOString();
  const statements = await statementsIn(deps.store, { service, ...(!allEnvironments && { environment }) });
  const byEnvironment = Map.groupBy(statements, (statement) => statement.environment);
  const names = allEnvironments ? [...byEnvironment.keys()].sort() : [environment];
  return names.map((name) => ({
    service,
    environment: name,
    ...deliveryMetricsOf(deploymentsOf(byEnvironment.get(name) ?? []), { now, days }),
  }));
}
