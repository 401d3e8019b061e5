import { inline } from '../../../core/report/encode.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const configPrintCommand = command({
  name: 'config print',
  under: 'deploy',
  summary: 'Print the config in force, with the origin of each value.',
  examples: ['aqe deploy config print --origin', 'aqe deploy config print --format json'],
  flags: {
    ...projectFlags,
    origin: { type: 'boolean', summary: 'Show the file and line, flag or default that each value comes from.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  async run({ flags }, { io, open }) {
    const workspace = await open(projectOf(flags));
    const { values } = workspace;
    const text = wantsJson(flags)
      ? json({ schemaVersion: '1', config: workspace.configPath, values })
      : values
          .map(
            ({ path, value, origin }) =>
              `${inline(path)}: ${inline(JSON.stringify(value) ?? 'null')}${flags.origin ? `  # ${inline(origin)}` : ''}\n`,
          )
          .join('');
    await deliver(text, flags.output, workspace, io);
    return ending(0, io);
  },
});
