import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { confidencePage } from '../render/outlook.ts';
import { styleFor } from '../style.ts';
import { assessFor, deliver, ending, json, wantsJson } from './assessing.ts';

export const confidenceCommand = command({
  name: 'confidence',
  under: 'deploy',
  summary: 'Show the chance that a release succeeds and that it is rolled back, and what it comes from.',
  description:
    'Learned from recorded outcomes (`aqe deploy record`, `aqe deploy history import`); before there are any only the prior is shown. docs/explain/confidence.md has the model and a worked example, `aqe deploy backtest` says how good it has been.',
  examples: ['aqe deploy confidence --version v2.5.0', 'aqe deploy confidence --version v2.5.0 --format json'],
  flags: {
    ...releaseFlags,
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    const { assessment, workspace } = await assessFor(flags, surroundings);
    try {
      const { version, service, environment, confidence, rollbackPrediction } = assessment;
      const { score, level, confidenceInterval, certainty, ...rest } = confidence;
      const text = wantsJson(flags)
        ? json({
            schemaVersion: '1',
            releaseId: version,
            service,
            environment,
            confidence: { score, level, confidenceInterval, certainty },
            ...rest,
            rollbackPrediction,
          })
        : confidencePage(assessment, styleFor(io, flags.ascii));
      await deliver(text, flags.output, workspace, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});
