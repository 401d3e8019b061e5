import { initText } from '../../../config/init-text.ts';
import { inferService } from '../../../config/locate.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { command, projectFlags } from '../command.ts';
import { ending, given } from './assessing.ts';

export const initCommand = command({
  name: 'init',
  under: 'top',
  summary: 'Write a commented aqe-deploy.yaml with the defaults. Never overwrites.',
  examples: ['aqe init', 'aqe init --yes'],
  flags: { project: projectFlags.project, yes: { type: 'boolean', summary: 'Ask nothing.' } },
  async run({ flags }, { io, open }) {
    const workspace = await open(given({ project: flags.project }));
    if (workspace.configPath !== null)
      throw new AqeError('AQE1006', 'the project has a config', { path: workspace.configPath });
    const service = inferService(workspace.project);
    const answers =
      flags.yes || !io.isTTY ? { service, environment: 'production', mode: 'enforce' } : await ask(service);
    await workspace.output.write(`${workspace.project}/aqe-deploy.yaml`, initText(answers), { exclusive: true });
    io.out('aqe-deploy.yaml\n');
    io.err('next: aqe deploy assess --version VERSION\n');
    return ending(0, io);
  },
});

async function ask(
  service: string,
): Promise<{ readonly service: string; readonly environment: string; readonly mode: string }> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = async (question: string, fallback: string): Promise<string> =>
      (await prompt.question(`${question} [${fallback}]: `)).trim() || fallback;
    const chosen = {
      service: await answer('Service', service),
      environment: await answer('Environment', 'production'),
    };
    const mode = await answer('Start in shadow mode, which reports and does not block? (yes/no)', 'no');
    return { ...chosen, mode: /^y/i.test(mode) ? 'shadow' : 'enforce' };
  } finally {
    prompt.close();
  }
}
