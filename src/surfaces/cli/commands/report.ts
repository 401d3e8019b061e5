import { markdown } from '../../../adapters/renderers/markdown.ts';
import { command, formatFlag, outputFlags, releaseFlags } from '../command.ts';
import { assessFor, deliver, ending, json, questionFlags, questionOf } from './assessing.ts';

export const reportCommand = command({
  name: 'report',
  under: 'deploy',
  summary: 'Write the deployment readiness report of a release.',
  examples: [
    'aqe deploy report --version v2.5.0 --format markdown > deployment-report.md',
    'aqe deploy report --version v2.5.0 --format json --output report.json',
  ],
  flags: { ...releaseFlags, ...questionFlags, format: formatFlag('markdown', 'json'), ...outputFlags },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    const { assessment, workspace } = await assessFor(flags, surroundings, questionOf(flags));
    await workspace.store.close();
    await deliver(
      flags.format === 'json' ? json(assessment) : markdown.render(assessment),
      flags.output,
      workspace,
      io,
    );
    return ending(0, io);
  },
});
