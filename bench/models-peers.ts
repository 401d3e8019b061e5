import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { part, schema, type Project } from './models-data.ts';
import type { Run } from './models-regimes.ts';

/** Runs a peer by name, one map a project; null: this machine has no Python with scikit-learn. */
export type PeerRuns = readonly Readonly<Record<string, Run>>[] | null;

const script = fileURLToPath(new URL('models-peers.py', import.meta.url));
/** The system's own Python may have what the one on the PATH has not. */
const pythons = ['/usr/bin/python3', 'python3'];

/** @throws Error when scikit-learn is there and the script fails. */
export function peerRuns(projects: readonly Project[], cutOf: (project: Project) => number): PeerRuns {
  const python = pythons.find((name) => spawnSync(name, ['-c', 'import sklearn'], { stdio: 'ignore' }).status === 0);
  if (python === undefined) return null;
  const logs = schema.columns.flatMap(({ kind }, index) => (kind === 'count' ? [index] : []));
  const input = projects.map((project) => {
    const cut = cutOf(project);
    const train = part(project, 0, cut);
    return { logs, train: train.rows, labels: train.labels, test: project.rows.slice(cut) };
  });
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${python} ${script} ended with ${status}: ${stderr}`);
  const answers = JSON.parse(stdout) as readonly Record<string, Run>[];
  return answers.map((answer) => ({
    ...answer,
    'sklearn-average': averaged(answer, ['sklearn-spline', 'sklearn-hist-gradient-boosting']),
    'sklearn-average-of-three': averaged(answer, [
      'sklearn-spline',
      'sklearn-hist-gradient-boosting',
      'sklearn-random-forest',
    ]),
  }));
}

/** Mean of the log-odds of several peers. */
function averaged(answer: Readonly<Record<string, Run>>, names: readonly string[]): Run {
  const runs = names.map((name) => answer[name]!);
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  return {
    probabilities: runs[0]!.probabilities.map((_, row) => {
      const logit = sum(runs.map(({ probabilities }) => logOdds(probabilities[row]!))) / runs.length;
      return 1 / (1 + Math.exp(-logit));
    }),
    trainMs: sum(runs.map(({ trainMs }) => trainMs)),
    predictUs: sum(runs.map(({ predictUs }) => predictUs)),
  };
}

function logOdds(probability: number): number {
  const p = Math.min(Math.max(probability, 1e-9), 1 - 1e-9);
  return Math.log(p / (1 - p));
}
