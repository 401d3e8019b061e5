import { ownVersion } from '../own-version.ts';
import { command } from '../command.ts';

export const versionCommand = command({
  name: 'version',
  under: 'top',
  summary: 'Print the version of aqe-deploy itself.',
  description: 'The flag --version of other commands names a release and never prints this.',
  examples: ['aqe version', 'aqe -V'],
  flags: {},
  async run(_, { io }) {
    io.out(`${ownVersion}\n`);
    return Promise.resolve(0);
  },
});
