import { backtest, type Backtest } from '../../../app/backtest.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, json, projectOf } from './assessing.ts';
import { wholeNumber } from './policy-diff.ts';

export const backtestCommand = command({
  name: 'backtest',
  under: 'deploy',
  summary: 'Measure how good forecasts and decisions were on the releases whose outcome is recorded.',
  description:
    'Replays them in time: each release is forecast from what was known before it, and the forecast is compared with how it ended. Recorded decisions are compared with the outcomes too; --policy judges the kept assessments again by another policy, before anybody approved anything. Pending and inferred outcomes are counted and judge nothing. The svg is a reliability diagram.',
  examples: [
    'aqe deploy backtest',
    'aqe deploy backtest --policy stricter.yaml --cost-ratio 10 --format json',
    'aqe deploy backtest --days 180 --format svg --output reliability.svg',
  ],
  flags: {
    ...projectFlags,
    policy: {
      type: 'string',
      value: 'FILE',
      summary: 'Policy to judge the recorded releases by: a config file, a git revision, or `.` for the one in force.',
    },
    'cost-ratio': {
      type: 'string',
      value: 'R',
      summary:
        'How many times a failure let through costs what a good release costs that is held back; else prediction.cost_ratio.',
    },
    days: { type: 'string', value: 'N', summary: 'Judge the releases of the last N days; else all.' },
    format: formatFlag('text', 'json', 'svg'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'something was judged', 3: 'there is no release with an observed outcome' },
  async run({ flags }, { io, open }) {
    const asked = {
      policy: flags.policy ?? null,
      costRatio: flags['cost-ratio'] === undefined ? null : ratioIn(flags['cost-ratio']),
      days: flags.days === undefined ? null : wholeNumber('--days', flags.days),
    };
    const workspace = await open(projectOf(flags));
    try {
      const result = await backtest(workspace, asked);
      const format = flags.json ? 'json' : flags.format;
      await deliver(await written(result, format, styleFor(io, flags.ascii)), flags.output, workspace, io);
      return ending(result.counts.judged === 0 ? 3 : 0, io);
    } finally {
      await workspace.store.close();
    }
  },
});

async function written(result: Backtest, format: string, style: Style): Promise<string> {
  if (format === 'json') return json({ schemaVersion: '1', ...result });
  if (format === 'svg') {
    const [{ reliabilityChart }, { svgChart }] = await Promise.all([
      import('../render/backtest-chart.ts'),
      import('../../../adapters/renderers/chart/svg-chart.ts'),
    ]);
    return svgChart.svg(reliabilityChart(result));
  }
  const { backtestPage } = await import('../render/backtest.ts');
  return backtestPage(result, style);
}

/** @throws AqeError AQE1002. */
function ratioIn(text: string): number {
  const value = Number(text);
  if (/^\d{1,4}(\.\d{1,6})?$/.test(text) && value >= 1 && value <= 1000) return value;
  throw new AqeError('AQE1002', '--cost-ratio is no number from 1 to 1000');
}
