import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from './figure.ts';
import { aqe, bareNode, medians, root, run, tool } from './processes.ts';

/** A whole assessment of the example project, in starts of Node itself; with and without keeping it. */
export const assessExample: Benchmark = {
  name: 'assess-example',
  measure() {
    const folder = mkdtempSync(join(tmpdir(), 'aqe-bench-'));
    try {
      prepare(folder);
      const assess = ['deploy', 'assess', '--version', 'v2.5.0'];
      // Whatever the verdict: 2 would be an error.
      const verdicts = [0, 1, 3, 4];
      const [bare = NaN, dry = NaN, saving = NaN] = medians([
        bareNode,
        aqe([...assess, '--dry-run'], folder, verdicts),
        aqe(assess, folder, verdicts),
      ]);
      const limit = { bar: 6, unit: '× node -e 0' };
      return [
        { name: 'assess-example/dry-run', value: dry / bare, ...limit },
        { name: 'assess-example/saving', value: saving / bare, ...limit },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The example in a repository of its own, with its reports stamped for the commit. */
function prepare(folder: string): void {
  cpSync(join(root, 'examples', 'checkout'), folder, { recursive: true });
  const git = (...args: readonly string[]): string =>
    tool('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], folder);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all', '--', ':!reports');
  git('commit', '--quiet', '-m', 'feat: a service to sell things with');
  const reports = readdirSync(join(folder, 'reports'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'aqe-evidence.json')
    .map((entry) => join(entry.parentPath, entry.name));
  run(aqe(['deploy', 'evidence', 'stamp', ...reports], folder));
}
