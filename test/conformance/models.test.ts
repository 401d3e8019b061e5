import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readProjects, schema, trainedOn } from '../../bench/models-data.ts';
import { frozen } from '../../bench/models-regimes.ts';
import { auc, brier } from '../../src/core/learn/measures.ts';
import { averageOfThree } from '../../src/core/learn/release-learner.ts';

const folder = process.env['AQE_JIT_DATA'] ?? join(resolve(import.meta.dirname, '../..'), '../shared/data/jit');
const present = existsSync(folder);

test.runIf(present)(
  'on the newest changes of six projects the learner ranks and estimates as docs/explain/models.md says',
  { timeout: 240_000 },
  () => {
    const figures = readProjects(folder).map((project) => {
      const cut = trainedOn(project.rows.length);
      const { probabilities } = frozen(project, cut, schema, averageOfThree);
      const labels = project.labels.slice(cut);
      return { auc: auc(probabilities, labels)!, brier: brier(probabilities, labels)! };
    });

    const mean = (name: 'auc' | 'brier') => figures.reduce((sum, each) => sum + each[name], 0) / figures.length;
    expect(mean('auc')).toBeGreaterThanOrEqual(0.754);
    expect(mean('brier')).toBeLessThanOrEqual(0.149);
  },
);

test.skipIf(present)(
  'no data is here: set AQE_JIT_DATA to a folder of projects, and the learner is checked on them',
  () => {
    expect(present).toBe(false);
  },
);
