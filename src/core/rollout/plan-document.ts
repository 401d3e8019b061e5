import { number, plural } from '../signal/format.ts';
import { shareOf } from '../history/share.ts';
import { fewestForShare } from '../history/time-window.ts';
import { migrationWords } from './migrations.ts';
import { percentWords } from '../report/outlook-words.ts';
import type { PredictedRisk, RollbackPlan } from './rollback-plan.ts';
import type { PlannedStep } from './procedure.ts';
import type { Strategy } from './rollout-settings.ts';
import { roughSpanWords, triggerWords } from './trigger-words.ts';

/** A value of a document: what YAML and JSON both write. */
export type DocumentValue = string | boolean | readonly DocumentValue[] | { readonly [key: string]: DocumentValue };

const methods: Readonly<Record<Strategy, string>> = {
  'blue-green': 'Blue-Green Deployment',
  canary: 'Canary Deployment',
  rolling: 'Rolling Deployment',
  'multi-region': 'Multi-Region Deployment',
};

/** Who watches the triggers and carries out the steps. */
const byHand = 'none: aqe does not watch triggers or carry out rollbacks; people or your own tools do';

/** The plan in the order and words in which people write one. There are only texts and yes or no: each number says what it is. */
export function planDocument(plan: RollbackPlan): { readonly [key: string]: DocumentValue } {
  const { settings, version, service, environment, now, previous, risk, past } = plan;
  const { triggers, rollback } = settings;
  return {
    deployment_id: version,
    service,
    environment,
    generated_at: now,
    previous_version: previous?.version ?? 'not known',
    ...(previous && { previous_version_from: previousWords(previous) }),
    predicted_rollback_risk: risk.known ? riskWords(risk.value) : `not known: ${risk.because}`,
    ...(risk.known && { predicted_rollback_risk_from: `assessment of ${risk.value.at}: ${risk.value.because}` }),
    automation: byHand,
    automatic_triggers:
      triggers.length === 0
        ? notConfigured('triggers')
        : triggers.map((each) => {
            const { kind, words } = triggerWords(each);
            return { [kind]: words };
          }),
    rollback_procedure: {
      method: settings.strategy === null ? notConfigured('strategy') : methods[settings.strategy],
      router: settings.router === null ? notConfigured('router') : routerWords(settings.router),
      ...(settings.maxFailedRegions !== null && {
        all_regions_when: `more than ${settings.maxFailedRegions} of them failed`,
      }),
      duration: durationOf(plan),
      ...(plan.steps.length > 0 && { steps_from: plan.ownSteps ? 'rollout.rollback.steps' : 'the strategy' }),
      steps: plan.steps.length === 0 ? notConfigured('strategy') : plan.steps.map(stepOf),
    },
    data_rollback: {
      database_migrations: migrationWords(plan.migrations),
      ...migrationList(plan),
      data_backups:
        rollback.backups.length === 0
          ? notConfigured('rollback.backups')
          : rollback.backups.map(
              ({ what, location, declaredAt }) =>
                `declared: ${what} in ${location}${declaredAt === null ? '' : `, of ${declaredAt}`}`,
            ),
      cache_invalidation: cacheWords(rollback.cache),
    },
    estimated_rollback_time: durationOf(plan),
    success_probability: successWords(past),
    communication_plan:
      rollback.communication.length === 0
        ? notConfigured('rollback.communication')
        : rollback.communication.map(({ notify, when }) => ({ notify, when })),
    notifiers: settings.notifiers.length === 0 ? 'not configured: notify' : settings.notifiers,
    gaps: plan.gaps,
  };
}

function riskWords({ probability, level, isPrior }: PredictedRisk): string {
  const chance = percentWords(probability);
  return isPrior ? `not enough outcomes (n = 0); the prior expects ${chance}` : `${chance} (${level})`;
}

function successWords({ recovered, n }: RollbackPlan['past']): string {
  const { percent, interval } = shareOf(recovered, n);
  if (percent === null || interval === null)
    return `not measured (${plural(n, 'past rollback')}, ${fewestForShare} are needed)`;
  const [low, high] = interval.map((end) => `${number(end)}%`);
  return `${number(percent)}% (${recovered} of ${n} past rollbacks are recorded as recovered; 95% interval ${low} to ${high})`;
}

function notConfigured(key: string): string {
  return `not configured: rollout.${key}`;
}

function previousWords({ from, at }: NonNullable<RollbackPlan['previous']>): string {
  return from === 'deployments'
    ? `the newest deployment before this release that is recorded as a success, of ${at}`
    : `the release before this one in git, committed ${at}; no successful deployment is recorded`;
}

function routerWords({ kind, name }: NonNullable<RollbackPlan['settings']['router']>): string {
  return name === null ? kind : `${kind} ${name}`;
}

function durationOf({ past }: RollbackPlan): string {
  const { medianMs, recovered } = past;
  if (medianMs === null) return 'not measured';
  return `${roughSpanWords(medianMs)} from deployment to recovery (median, n = ${recovered})`;
}

function stepOf({ action, how, owner, automated }: PlannedStep): DocumentValue {
  return {
    action,
    ...(how !== null && { how }),
    owner: owner ?? notConfigured('rollback.owner'),
    automated,
  };
}

function migrationList({ migrations }: RollbackPlan): { readonly [key: string]: DocumentValue } {
  if (!migrations.known || migrations.migrations.length === 0) return {};
  return {
    migrations: migrations.migrations.map(({ path, tool, change, downStep, because, losses }) => ({
      file: path,
      tool,
      change,
      down_step: downStep === 'present' ? 'present (nothing was run)' : `${downStep}: ${because}`,
      ...(losses.length > 0 && { loses_data: losses.join(', ') }),
    })),
  };
}

function cacheWords(cache: RollbackPlan['settings']['rollback']['cache']): string {
  if (cache === null) return notConfigured('rollback.cache');
  return cache.action === 'none'
    ? 'none, as configured'
    : `flush the keys that start with ${JSON.stringify(cache.prefix)}, and no others`;
}
