import { readFileSync } from 'node:fs';
import { outcomes } from '../../src/core/history/outcome.ts';
import type { FeatureValues } from '../../src/core/prediction/features.ts';
import { tableAfter } from './markdown.ts';
import { deploymentsFrom, modelOf } from './release-histories.ts';

const page = readFileSync(new URL('../../docs/explain/confidence.md', import.meta.url), 'utf8');

/** The model that the history of the worked example in docs/explain/confidence.md leads to. */
export const exampleModel = modelOf(
  deploymentsFrom(
    tableAfter(page, 'Worked example').map((row) => ({
      outcome: outcomes.find((each) => each === row['Outcome'])!,
      features: { change_size: Number(row['Lines']), files_changed: Number(row['Files']) },
    })),
  ),
);

/** The release of the worked example: what the table says of it. */
export const exampleRelease: FeatureValues = Object.fromEntries(
  tableAfter(page, 'What each feature brings').flatMap((row) =>
    row['Value'] === 'not known' ? [] : [[row['Feature'], Number(row['Value'])]],
  ),
);
