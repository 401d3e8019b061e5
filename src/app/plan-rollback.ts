import type { RollbackPrediction } from '../core/prediction/prediction.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import {
  downFilesOf,
  foldersBeside,
  isCandidate,
  migrationOf,
  type FileText,
  type Migration,
  type MigrationCandidate,
  type Migrations,
} from '../core/rollout/migrations.ts';
import { folderOf } from '../core/rollout/migration-layout.ts';
import { rollbackPlan, type Known, type PredictedRisk, type RollbackPlan } from '../core/rollout/rollback-plan.ts';
import type { ReleaseQuery } from '../ports/source-control.ts';
import { deploymentsIn } from './deployments.ts';
import { keptObject } from './kept-json.ts';
import type { Workspace } from './workspace.ts';

/** Files that are looked at for migrations. */
const mostFiles = 200;
/** Files that are read at a time. */
const atOnce = 8;

export type PlanRollbackDeps = Pick<Workspace, 'policy' | 'rollout' | 'sourceControl' | 'store' | 'clock'>;

/** The rollback plan of a release. Nothing is changed and nothing is run. @throws AqeError 6xxx, AQE2011, AQE2012. */
export async function planRollback(deps: PlanRollbackDeps, release: ReleaseQuery): Promise<RollbackPlan> {
  const { policy, rollout, sourceControl, store, clock } = deps;
  const { service, environment } = policy;
  const { version } = release;
  const change = await sourceControl.change(release);
  const [deployments, risk, migrations] = await Promise.all([
    deploymentsIn(store, { service, environment }),
    riskOf(store, { service, environment, version }),
    migrationsOf(sourceControl, release, change?.head.commit ?? null),
  ]);
  return rollbackPlan({
    service,
    version,
    environment,
    now: clock.now().toISOString(),
    settings: rollout,
    deployments,
    baseline: change?.baseline ?? null,
    risk,
    migrations,
  });
}

async function riskOf(
  store: Pick<Workspace['store'], 'find'>,
  of: { readonly service: string; readonly environment: string; readonly version: string },
): Promise<Known<PredictedRisk>> {
  const [newest] = await store.find('assessments', { ...of, order: 'newest', limit: 1 });
  if (newest === undefined) return { known: false, because: 'the release has not been assessed' };
  const { rollbackPrediction: found } = keptObject<{
    readonly rollbackPrediction: Partial<RollbackPrediction> & { readonly reason?: string };
  }>(newest.body, 'assessments');
  const { probability, riskLevel, learnedFrom } = found ?? {};
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 100) || riskLevel === undefined)
    return { known: false, because: found?.reason ?? 'its assessment has no prediction' };
  const because = learnedFrom?.because ?? 'nothing is said about what it was learned from';
  const isPrior = learnedFrom?.shows === 'prior';
  return { known: true, value: { probability, level: riskLevel, isPrior, because, at: newest.createdAt } };
}

async function migrationsOf(
  sourceControl: Workspace['sourceControl'],
  release: ReleaseQuery,
  commit: string | null,
): Promise<Migrations> {
  if (commit === null) return { known: false, because: 'the project has no commit of the release' };
  const touched = await sourceControl.touchedFiles(release);
  if (touched === null) return { known: false, because: 'the release before it is not in this clone' };
  const all = touched.filter(({ path }) => isCandidate(path));
  const candidates = all.slice(0, mostFiles);
  const beside = await filesBeside(sourceControl, commit, candidates, touched);
  const migrations: (Migration | null)[] = [];
  for (let at = 0; at < candidates.length; at += atOnce)
    migrations.push(
      ...(await Promise.all(
        candidates.slice(at, at + atOnce).map(async (candidate) => {
          const near = beside.get(folderOf(candidate.path)) ?? [];
          const paths = [candidate.path, ...downFilesOf(candidate.path, near)];
          const texts = new Map(
            await Promise.all(paths.map(async (path) => [path, await textOf(sourceControl, commit, path)] as const)),
          );
          return migrationOf(candidate, near, (path) => texts.get(path) ?? { problem: 'it was not read' });
        }),
      )),
    );
  return { known: true, migrations: migrations.filter((each) => each !== null), left: all.length - candidates.length };
}

/** Files of the release by folder, for the folders in which steps down may lie. */
async function filesBeside(
  sourceControl: Workspace['sourceControl'],
  commit: string,
  candidates: readonly MigrationCandidate[],
  touched: readonly MigrationCandidate[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const folders = foldersBeside(candidates);
  const found = folders.length === 0 ? null : await sourceControl.filesAt(commit, folders);
  const beside = new Map<string, string[]>();
  for (const path of new Set([...touched.map((each) => each.path), ...(found?.files.keys() ?? [])])) {
    const near = beside.get(folderOf(path));
    if (near) near.push(path);
    else beside.set(folderOf(path), [path]);
  }
  return beside;
}

/** A text as it is at the commit. What cannot be read says why and is no migration with a step down. */
async function textOf(sourceControl: Workspace['sourceControl'], commit: string, path: string): Promise<FileText> {
  try {
    const found = await sourceControl.fileAt(commit, path);
    if (found === null) return { problem: 'it is not a regular file' };
    return found.text.includes('\0') ? { problem: 'it is no text' } : { text: found.text };
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    return { problem: `it cannot be read: ${error.message}` };
  }
}
