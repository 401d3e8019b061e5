import { AqeError } from '../core/error/aqe-error.ts';
import { plural } from '../core/signal/format.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { Workspace } from './workspace.ts';

export interface Finding {
  readonly check: string;
  readonly state: 'good' | 'warning' | 'broken';
  readonly detail: string;
}

/** Looks at everything an assessment needs, without changing anything. Each check stands alone: one that fails does not hide the next. */
export async function examine(workspace: Workspace): Promise<readonly Finding[]> {
  return [
    await attempt('git', () => git(workspace)),
    await attempt('state', () => state(workspace)),
    await attempt('evidence', () => evidence(workspace)),
  ];
}

async function attempt(check: string, look: () => Promise<Omit<Finding, 'check'>>): Promise<Finding> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    return { check, state: 'broken', detail: `${error.code} ${error.message}. ${error.hint}` };
  }
}

async function git({ sourceControl }: Workspace): Promise<Omit<Finding, 'check'>> {
  const change = await sourceControl.change({ version: '' });
  if (change === null)
    return {
      state: 'warning',
      detail: 'not a git repository with a commit: evidence cannot be bound to a commit and change risk stays missing',
    };
  const since = change.baseline
    ? `previous release ${change.baseline.ref}`
    : 'no earlier release tag: everything counts as changed (fetch tags in CI)';
  return { state: change.baseline ? 'good' : 'warning', detail: `HEAD is ${change.head.commit.slice(0, 9)}, ${since}` };
}

async function state({ store }: Workspace): Promise<Omit<Finding, 'check'>> {
  const problems = await store.check();
  if (problems.length > 0) throw new AqeError('AQE6002', problems.join('; '));
  return { state: 'good', detail: 'the database is sound, or not there yet' };
}

async function evidence(workspace: Workspace): Promise<Omit<Finding, 'check'>> {
  const head = await workspace.sourceControl.resolve({ version: '' });
  const { evidence: records } = await collectEvidence(workspace, workspace.policy, head);
  const usable = records.filter((record) => record.state === 'measured').length;
  const detail = `${plural(records.length, 'report')} found, ${usable} usable for HEAD`;
  return {
    state: usable > 0 && usable === records.length ? 'good' : 'warning',
    detail: `${detail}; aqe deploy evidence shows them`,
  };
}
