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
  return answers.map((answer) => ({ ...answer, 'sklearn-average': averaged(answer) }));
}

/** Mean of the log-odds of the spline regression and of the boosted trees. */
function averaged(answer: Readonly<Record<string, Run>>): Run {
  const [one, other] = [answer['sklearn-spline']!, answer['sklearn-hist-gradient-boosting']!];
  return {
    probabilities: one.probabilities.map((p, row) => {
      const logit = (logOdds(p) + logOdds(other.probabilities[row]!)) / 2;
      return 1 / (1 + Math.exp(-logit));
    }),
    trainMs: one.trainMs + other.trainMs,
    predictUs: one.predictUs + other.predictUs,
  };
}

function logOdds(probability: number): number {
  const p = Math.min(Math.max(probability, 1e-9), 1 - 1e-9);
  return Math.log(p / (1 - p));
}
