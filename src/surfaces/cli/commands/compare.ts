import { comparedReleases } from '../../../app/compare-releases.ts';
import { short } from '../../../core/report/encode.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { comparisonPage } from '../render/comparison.ts';
import { styleFor } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const compareCommand = command({
  name: 'compare',
  under: 'deploy',
  summary: 'Compare two assessed releases: gates, signals, risk and predictions side by side.',
  description:
    'From the newest kept assessment of each; nothing is assessed anew. What got worse comes first: a gate that closes, then points of risk, then how far a value moved. A metric that only one of them measured is neither better nor worse. Always 0 when both are known: it informs and decides nothing.',
  examples: [
    'aqe deploy compare --baseline v2.4.0 --candidate v2.5.0',
    'aqe deploy compare --baseline v2.4.0 --candidate v2.5.0 --format markdown',
  ],
  flags: {
    baseline: { type: 'string', value: 'VERSION', required: true, summary: 'Release to compare with.' },
    candidate: { type: 'string', value: 'VERSION', required: true, summary: 'Release that is compared.' },
    ...projectFlags,
    format: formatFlag('text', 'json', 'markdown'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'the comparison was made, whatever it says' },
  async run({ flags }, { io, open }) {
    const workspace = await open(projectOf(flags));
    try {
      const { service, environment } = workspace.policy;
      const { baseline, candidate } = flags;
      const comparison = await comparedReleases(workspace, { baseline, candidate });
      const style = styleFor(io, flags.ascii);
      const subject = [service, environment].map((each) => short(style.redact(each), 60)).join(' in ');
      const render = async (): Promise<string> => {
        if (wantsJson(flags)) return json({ schemaVersion: '1', service, environment, ...comparison });
        if (flags.format === 'text') return comparisonPage(subject, comparison, style);
        const { comparisonMarkdown } = await import('../../../adapters/renderers/comparison-markdown.ts');
        return comparisonMarkdown(subject, comparison);
      };
      await deliver(await render(), flags.output, workspace, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});
