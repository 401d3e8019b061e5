import { configureGates } from '../../../app/configure-gates.ts';
import { readConfigText } from '../../../config/locate.ts';
import { inline } from '../../../core/report/encode.ts';
import { gateEditor } from '../../../config/edit-gates.ts';
import { command, projectFlags } from '../command.ts';
import { ending, given } from './assessing.ts';

const { project, environment } = projectFlags;

export const configureGatesCommand = command({
  name: 'configure-gates',
  under: 'deploy',
  summary: 'Take the gates of a YAML file into aqe-deploy.yaml.',
  description:
    'The file holds deployment_gates, and gate_overrides if you like, as in the config. It is checked first; comments and everything else in aqe-deploy.yaml stay as they are. A config that does not exist is made.',
  examples: ['aqe deploy configure-gates --config deployment-gates.yaml'],
  flags: {
    config: { type: 'string', value: 'FILE', required: true, summary: 'YAML file with the gates.' },
    project,
    environment,
  },
  async run({ flags }, { io, open }) {
    const workspace = await open(given({ project: flags.project, environment: flags.environment }));
    const { path, changes } = await configureGates(
      { ...workspace, editor: gateEditor, readText: (file) => readConfigText(file) },
      flags.config,
      io.cwd,
    );
    for (const change of changes) io.out(`${inline(change)}\n`);
    io.err(changes.length === 0 ? `${path} has these gates already\n` : `wrote ${path}\n`);
    return ending(0, io);
  },
});
