import type { RollbackSettings, RolloutSettings, RolloutStep, Trigger } from '../core/rollout/rollout-settings.ts';
import { parseDuration } from './duration.ts';
import type { NotifyConfig } from './notify-schema.ts';
import type { RolloutConfig } from './rollout-schema.ts';
import { parseLatency, parseShare, parseThreshold } from './rollout-values.ts';

/** The sections of the config that say how a release goes out and comes back. */
interface RolloutSections {
  readonly rollout?: RolloutConfig;
  readonly notify?: NotifyConfig;
}

export function rolloutFrom({ rollout = {}, notify = {} }: RolloutSections): RolloutSettings {
  const { router } = rollout;
  return {
    strategy: rollout.strategy ?? null,
    steps: (rollout.steps ?? []).map((step): RolloutStep =>
      typeof step === 'number' ? { percent: step, bakeMs: null } : { percent: step.percent, bakeMs: ms(step.bake) },
    ),
    bakeMs: ms(rollout.bake),
    router: router ? { kind: router.kind, name: router.name ?? null } : null,
    regions: rollout.regions ?? [],
    maxFailedRegions: rollout.max_failed_regions ?? null,
    triggers: triggersFrom(rollout.triggers ?? {}),
    rollback: rollbackFrom(rollout.rollback ?? {}),
    notifiers: [...(notify.smtp ? ['smtp'] : []), ...(notify.webhooks ?? []).map((each) => `webhook:${each.name}`)],
  };
}

function triggersFrom(triggers: NonNullable<RolloutConfig['triggers']>): readonly Trigger[] {
  const { error_rate: errors, response_time: times = [], availability, custom = [] } = triggers;
  return [
    ...(errors ? [{ kind: 'error-rate', above: parseShare(errors.above)!, forMs: ms(errors.for)! } as const] : []),
    ...(Array.isArray(times) ? times : [times]).map((each): Trigger => ({
      kind: 'response-time',
      percentile: each.percentile,
      above: parseLatency(each.above)!,
      forMs: ms(each.for)!,
    })),
    ...(availability
      ? [{ kind: 'availability', below: parseShare(availability.below)!, forMs: ms(availability.for)! } as const]
      : []),
    ...custom.map((each): Trigger => ({
      kind: 'custom',
      name: each.name,
      comparison: each.comparison,
      threshold: parseThreshold(each.threshold)!,
      forMs: ms(each.for)!,
    })),
  ];
}

function rollbackFrom(rollback: NonNullable<RolloutConfig['rollback']>): RollbackSettings {
  const { owner = null, steps = [], backups = [], cache, communication = [] } = rollback;
  return {
    owner,
    steps: steps.map((step) => ({ action: step.action, owner: step.owner ?? null, automated: step.automated ?? null })),
    backups: backups.map(({ what, location, declared_at: at = null }) => ({ what, location, declaredAt: at })),
    cache: cacheFrom(cache),
    communication,
  };
}

function cacheFrom(cache: NonNullable<RolloutConfig['rollback']>['cache']): RollbackSettings['cache'] {
  if (cache === undefined) return null;
  return cache.prefix === undefined ? { action: 'none' } : { action: 'flush-prefix', prefix: cache.prefix };
}

function ms(text: string): number;
function ms(text: string | undefined): number | null;
function ms(text: string | undefined): number | null {
  return text === undefined ? null : parseDuration(text);
}
