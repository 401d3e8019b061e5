import { AqeError } from '../../../core/error/aqe-error.ts';
import { inline } from '../../../core/report/encode.ts';
import { command } from '../command.ts';
import { ending } from './assessing.ts';

export const keysInitCommand = command({
  name: 'keys init',
  under: 'top',
  summary: 'Make your personal Ed25519 key, with which you sign approvals.',
  description:
    'The private key is written to ~/.config/aqe-deploy/identity.pem (under XDG_CONFIG_HOME if that is set), or to the file that AQE_KEY_FILE or --output names; only you can read it, and a file that exists is never overwritten. There is no passphrase: protect the file as you protect an SSH key without one. What is printed is the public half, as the entry of the config that ties the key to you.',
  examples: ['aqe keys init --name ada@example.com', 'aqe keys init --output ~/keys/release.pem'],
  flags: {
    name: { type: 'string', value: 'EMAIL', summary: 'Your address, as the config knows you.' },
    output: { type: 'string', value: 'FILE', summary: 'Where the private key goes, instead of its usual place.' },
  },
  async run({ flags: { name, output } }, { io, trust }) {
    const isAddress = name === undefined || /^[^\s@<>,;:"'\\]+@[^\s@<>,;:"'\\]+$/.test(name);
    // It is printed as a part of a config, where nothing may be spelled in another way.
    if (!isAddress || (name !== undefined && inline(name) !== name))
      throw new AqeError('AQE1002', '--name is an e-mail address');
    const { keyId, publicKey, path } = await (await trust()).keys.createPersonal(output);
    io.err(`wrote the private key to ${inline(path)}\n`);
    io.out(
      [
        `# key ${keyId}: add this to the config`,
        'people:',
        `  ${name === undefined || /^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+$/.test(name) ? (name ?? 'you@example.com') : JSON.stringify(name)}:`,
        `    key: ${publicKey}`,
        '',
        '# the public key alone',
        publicKey,
        '',
      ].join('\n'),
    );
    return ending(0, io);
  },
});
