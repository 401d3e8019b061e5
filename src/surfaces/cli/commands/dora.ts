import { deliveryMetrics } from '../../../app/delivery-metrics.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { deliveryPage } from '../render/delivery.ts';
import { styleFor } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';
import { wholeNumber } from './policy-diff.ts';

export const doraCommand = command({
  name: 'dora',
  under: 'deploy',
  summary: 'Show the five DORA metrics of a service in an environment.',
  description:
    'Change lead time, deployment frequency, failed deployment recovery time, change fail rate and deployment rework rate, each with the number of deployments it was worked out from. Fewer than five give none. docs/explain/dora.md has the definitions and a worked example.',
  examples: ['aqe deploy dora --days 90', 'aqe deploy dora --all-environments --json'],
  flags: {
    ...projectFlags,
    days: { type: 'string', value: 'N', default: '90', summary: 'Deployments of the last so many days.' },
    'all-environments': {
      type: 'boolean',
      summary: 'Every environment that the service was deployed to, one after the other.',
    },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  async run({ flags }, { io, open }) {
    const days = wholeNumber('--days', flags.days);
    const workspace = await open(projectOf(flags));
    try {
      const environments = await deliveryMetrics(workspace, { days, allEnvironments: flags['all-environments'] });
      const text = wantsJson(flags)
        ? json({ schemaVersion: '1', environments })
        : deliveryPage(environments, styleFor(io, flags.ascii));
      await deliver(text, flags.output, workspace, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});
