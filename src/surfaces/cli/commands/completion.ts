import { AqeError } from '../../../core/error/aqe-error.ts';
import { command, loadAll } from '../command.ts';
import { completionScript, shells } from '../completion-script.ts';

export const completionCommand = command({
  name: 'completion',
  under: 'top',
  summary: 'Print a completion script for bash, zsh or fish.',
  examples: [
    'source <(aqe completion bash)',
    'aqe completion zsh > "${fpath[1]}/_aqe"',
    'aqe completion fish > ~/.config/fish/completions/aqe.fish',
  ],
  flags: {},
  positional: { name: 'shell', summary: 'bash, zsh or fish', required: true, many: false },
  async run({ positionals }, { io, loaders }) {
    const shell = shells.find((name) => name === positionals[0]);
    if (!shell) throw new AqeError('AQE1002', `completion is written for ${shells.join(', ')}`);
    io.out(completionScript(shell, await loadAll(loaders)));
    return 0;
  },
});
