import { AqeError } from '../../../core/error/aqe-error.ts';
import { nearest } from '../../../core/error/nearest.ts';
import { short } from '../../../core/report/encode.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { gateLines } from '../render/assessment.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { assessFor, deliver, ending, json, wantsJson } from './assessing.ts';

export const checkGateCommand = command({
  name: 'check-gate',
  under: 'deploy',
  summary: 'Evaluate one gate for one release and exit non-zero when it is not open.',
  examples: ['aqe deploy check-gate --gate security --version v2.5.0'],
  flags: {
    ...releaseFlags,
    gate: { type: 'string', value: 'NAME', required: true, summary: 'Gate of the policy.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'the gate is open', 1: 'the gate is closed', 3: 'the gate has no evidence to open on' },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    const { assessment, workspace } = await assessFor(flags, surroundings);
    await workspace.store.close();
    const names = assessment.gates.gateResults.map((gate) => gate.gate);
    const gate = assessment.gates.gateResults.find((result) => result.gate === flags.gate);
    if (!gate) {
      const guess = nearest(flags.gate, names);
      throw new AqeError(
        'AQE3001',
        `there is no gate ${JSON.stringify(short(flags.gate, 60))}${guess ? `; did you mean ${guess}?` : ''}`,
        { gates: names.join(', ') },
      );
    }
    const out = page(styleFor(io, flags.ascii));
    out.heading(
      `Gate of ${short(assessment.service, 60)} ${short(assessment.version, 60)} for ${short(assessment.environment, 40)}`,
    );
    out.rule();
    gateLines(out, gate, assessment);
    const { service, version, environment } = assessment;
    await deliver(
      wantsJson(flags) ? json({ schemaVersion: '1', service, version, environment, ...gate }) : out.text(),
      flags.output,
      workspace,
      io,
    );
    return ending(gate.outcome === 'pass' ? 0 : gate.outcome === 'fail' ? 1 : 3, io);
  },
});
