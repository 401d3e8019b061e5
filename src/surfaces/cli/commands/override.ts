import { overrideGate } from '../../../app/override-gate.ts';
import { command } from '../command.ts';
import { conclude, inputOf, withProject, wordFlags } from './approving.ts';

export const overrideCommand = command({
  name: 'override',
  under: 'deploy',
  summary: 'Agree to pass a gate that is closed, for this decision and for a time.',
  description:
    'gate_overrides in the config says whether that is possible, whose roles have to agree and for how long it may hold. An override that holds stands on every report with its justification.',
  examples: [
    'aqe deploy override --version v2.5.0 --gate test_coverage --justification "generated code, see issue 812" --expires 24h',
  ],
  flags: {
    ...wordFlags,
    gate: { type: 'string', value: 'NAME', required: true, summary: 'Gate that is closed in the latest assessment.' },
    justification: { type: 'string', value: 'TEXT', summary: 'Why; at least 10 characters, shown on every report.' },
  },
  exits: { 0: 'recorded, and the gate is overridden', 4: 'recorded; it does not count, or others are waited for' },
  run: ({ flags }, surroundings) =>
    withProject(flags, surroundings, async (workspace) => {
      const input = inputOf(flags, flags.justification, workspace);
      const given = await overrideGate(workspace, { ...input, gate: flags.gate });
      const state = given.sanctions.overrides.find(({ gate }) => gate === flags.gate);
      return conclude(given, (state?.opened ?? null) !== null, { flags, surroundings });
    }),
});
