import { AqeError } from '../../../core/error/aqe-error.ts';
import { command, loadAll } from '../command.ts';
import { exitMeanings } from '../exit-codes.ts';

export const helpCommand = command({
  name: 'help',
  under: 'top',
  summary: 'Show the commands, or the exit statuses with `help exit-codes`.',
  examples: ['aqe help', 'aqe help exit-codes'],
  flags: {},
  positional: { name: 'topic', summary: 'exit-codes', required: false, many: false },
  async run({ positionals }, { io, loaders }) {
    const [topic] = positionals;
    if (topic === undefined) {
      const commands = await loadAll(loaders);
      const width = Math.max(...commands.map((each) => each.name.length)) + 14;
      for (const each of commands)
        io.out(`${`aqe ${each.under === 'deploy' ? 'deploy ' : ''}${each.name}`.padEnd(width)}${each.summary}\n`);
      return 0;
    }
    if (topic !== 'exit-codes')
      throw new AqeError('AQE1002', 'the only help topic is exit-codes; for a command run it with --help');
    for (const [code, meaning] of Object.entries(exitMeanings)) io.out(`${code.padStart(3)}  ${meaning}\n`);
    return 0;
  },
});
