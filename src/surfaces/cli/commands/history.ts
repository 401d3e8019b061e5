import { decisionHistory } from '../../../app/decision-history.ts';
import { historyChart } from '../../../app/history-chart.ts';
import { short } from '../../../core/report/encode.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { historyChartPage } from '../render/history-chart.ts';
import { historyPage } from '../render/history.ts';
import { styleFor } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';
import { wholeNumber } from './policy-diff.ts';

export const historyCommand = command({
  name: 'history',
  under: 'deploy',
  summary: 'Show decisions against outcomes: what was approved and failed, blocked and would have been fine.',
  description:
    'From the recorded outcomes of the service and environment and the assessments that were kept before each deployment. Inferred outcomes are marked and in no share; a share of fewer than five is not worked out.',
  examples: [
    'aqe deploy history --days 90 --format chart',
    'aqe deploy history --format chart --output history.svg',
    'aqe deploy history --json',
  ],
  flags: {
    ...projectFlags,
    days: { type: 'string', value: 'N', default: '90', summary: 'Deployments of the last so many days.' },
    limit: {
      type: 'string',
      value: 'N',
      default: '50',
      summary: 'Deployments to list in a table or JSON, the newest first; all are counted.',
    },
    format: formatFlag('table', 'json', 'chart', 'svg'),
    ...jsonFlag,
    ...outputFlags,
  },
  async run({ flags }, { io, open }) {
    const days = wholeNumber('--days', flags.days);
    const limit = wholeNumber('--limit', flags.limit);
    const workspace = await open(projectOf(flags));
    try {
      const { service, environment } = workspace.policy;
      const history = await decisionHistory(workspace, { days });
      const style = styleFor(io, flags.ascii);
      const subject = [service, environment].map((each) => short(style.redact(each), 60)).join(' in ');
      const render = async (): Promise<string> => {
        if (wantsJson(flags)) {
          const { deployments, ...rest } = history;
          const listed = { deployed: deployments.length, deployments: deployments.slice(0, limit) };
          return json({ schemaVersion: '1', service, environment, ...rest, ...listed });
        }
        if (flags.format === 'table') return historyPage(subject, history, limit, style);
        const asPicture = flags.format === 'svg' || flags.output?.toLowerCase().endsWith('.svg') === true;
        if (!asPicture) return historyChartPage(subject, history, style);
        const { svgChart } = await import('../../../adapters/renderers/chart/svg-chart.ts');
        return svgChart.svg(historyChart(history, subject));
      };
      await deliver(await render(), flags.output, workspace, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});
