import type { Deployment } from '../history/outcome.ts';
import type { Migrations } from './migrations.ts';
import { pastRollbacks, previousDeployed, type PastRollbacks, type PreviousVersion } from './past-rollbacks.ts';
import { procedureOf, type PlannedStep } from './procedure.ts';
import type { RolloutSettings } from './rollout-settings.ts';
import { spanWords } from './trigger-words.ts';

/** What the newest assessment of the release says about a rollback. */
export interface PredictedRisk {
  /** Percent. */
  readonly probability: number;
  readonly level: string;
  /** Only what is expected beforehand: no outcome was known. */
  readonly isPrior: boolean;
  /** What it was learned from, in words. */
  readonly because: string;
  /** When it was assessed, ISO-8601 UTC. */
  readonly at: string;
}

/** Either what is known, or why it is not. */
export type Known<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly because: string };

export interface PlanFacts {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** ISO-8601 UTC. */
  readonly now: string;
  readonly settings: RolloutSettings;
  /** Oldest first. */
  readonly deployments: readonly Deployment[];
  /** The baseline of the change in git; null: none is known. */
  readonly baseline: { readonly ref: string; readonly committedAt: string } | null;
  readonly risk: Known<PredictedRisk>;
  readonly migrations: Migrations;
}

/** How a release is taken back, made of what is configured, recorded and found in the release; nothing else is in it. */
export interface RollbackPlan extends Omit<PlanFacts, 'deployments' | 'baseline'> {
  readonly previous: PreviousVersion | null;
  readonly steps: readonly PlannedStep[];
  /** Whether the steps are the team's own. */
  readonly ownSteps: boolean;
  readonly past: PastRollbacks;
  /** What keeps the plan from being enough, most important first. */
  readonly gaps: readonly string[];
}

export function rollbackPlan({ deployments, baseline, ...facts }: PlanFacts): RollbackPlan {
  const { settings, version, now } = facts;
  const previous = previousDeployed(deployments, { version, now }) ?? fromGit(baseline, version);
  const bake = settings.bakeMs === null ? null : spanWords(settings.bakeMs);
  const steps = procedureOf(settings, { release: version, previous: previous?.version ?? null, bake });
  const plan = {
    ...facts,
    previous,
    steps,
    ownSteps: settings.rollback.steps.length > 0,
    past: pastRollbacks(deployments, now),
  };
  return { ...plan, gaps: gapsOf(plan) };
}

function fromGit(baseline: PlanFacts['baseline'], version: string): PreviousVersion | null {
  if (baseline === null || baseline.ref === version) return null;
  return { version: baseline.ref, from: 'git', at: baseline.committedAt, unknownSince: [] };
}

function gapsOf({ settings, previous, steps, migrations }: Omit<RollbackPlan, 'gaps'>): readonly string[] {
  const { strategy, rollback, triggers } = settings;
  const found = migrations.known ? migrations.migrations : [];
  const final = found.filter(({ downStep }) => downStep !== 'present');
  const losing = found.filter(({ losses }) => losses.length > 0);
  const gaps: readonly (readonly [boolean, string])[] = [
    [
      previous === null,
      'no previous version is known: no successful deployment is recorded, and git has no release before this one',
    ],
    [
      (previous?.unknownSince.length ?? 0) > 0,
      `nobody recorded how these deployments went, which came after the previous version: ${previous?.unknownSince.join(', ')}`,
    ],
    [strategy === null, 'no strategy is configured: rollout.strategy'],
    [
      steps.length === 0 || steps.some(({ owner }) => owner === null),
      'nobody is named who rolls back: rollout.rollback.owner',
    ],
    [triggers.length === 0, 'no triggers are configured: rollout.triggers'],
    [
      !migrations.known,
      `whether migrations can be taken back is not known: ${migrations.known ? '' : migrations.because}`,
    ],
    [migrations.known && migrations.left > 0, 'not every file of the release was looked at for migrations'],
    ...final.map(({ path, because }): readonly [boolean, string] => [
      true,
      `migration without a down step: ${path} (${because})`,
    ]),
    ...losing.map(({ path, losses }): readonly [boolean, string] => [
      rollback.backups.length === 0,
      `${path} ${losses.join(' and ')}, which no down step brings back, and no backup is declared: rollout.rollback.backups`,
    ]),
  ];
  return gaps.filter(([holds]) => holds).map(([, words]) => words);
}
