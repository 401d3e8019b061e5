import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { riskPage } from '../render/risk.ts';
import { styleFor } from '../style.ts';
import { assessFor, deliver, ending, json, wantsJson } from './assessing.ts';

export const riskCommand = command({
  name: 'risk',
  aliases: ['risk-score'],
  under: 'deploy',
  summary: 'Show the risk score of a release, by dimension and metric.',
  description:
    'The score is a sum of points; the interval says what it could be if the missing metrics were known. docs/explain/risk.md has the curves and a worked example.',
  examples: ['aqe deploy risk --version v2.5.0 --detailed', 'aqe deploy risk-score --version v2.5.0'],
  flags: {
    ...releaseFlags,
    detailed: { type: 'boolean', summary: 'Show every metric with its curve value and points.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    const { assessment, workspace } = await assessFor(flags, surroundings);
    const { service, version, environment, risk, confidence, rollbackPrediction } = assessment;
    const text = wantsJson(flags)
      ? json({
          schemaVersion: '1',
          service,
          version,
          environment,
          ...(risk ?? { overallRisk: null }),
          confidence,
          rollbackPrediction,
          blockers: assessment.gates.blockers.map((gate) => gate.gate),
          recommendations: assessment.rules.map((rule) => rule.message),
        })
      : riskPage(assessment, flags.detailed, styleFor(io, flags.ascii));
    await deliver(text, flags.output, workspace, io);
    await workspace.store.close();
    return ending(0, io);
  },
});
