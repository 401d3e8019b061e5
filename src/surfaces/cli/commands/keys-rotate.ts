import { rotateSystemKey } from '../../../app/rotate-system-key.ts';
import { command, projectFlags } from '../command.ts';
import { ending, projectOf } from './assessing.ts';

export const keysRotateCommand = command({
  name: 'keys rotate',
  under: 'top',
  summary: 'Give the project a new system key.',
  description:
    'A statement that the new key takes the place of the old one, signed by both, is added to .agentic-qe/keys/rotations.jsonl, and the audit log says who did it. The old private key is removed; its public half stays as retired-….pub, so that what it signed can still be verified. Remove that file as well if the old key may have been stolen. A key that comes from AQE_SYSTEM_KEY or AQE_SYSTEM_KEY_FILE is changed where that is set.',
  examples: ['aqe keys rotate'],
  flags: projectFlags,
  async run({ flags }, { io, open, trust }) {
    const { keys, clock } = await trust();
    const workspace = await open(projectOf(flags));
    try {
      const { from, to } = await rotateSystemKey({ ...workspace, keys, clock });
      io.out(`old key ${from.keyId}\nnew key ${to.keyId}\n${to.publicKey}\n`);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});
