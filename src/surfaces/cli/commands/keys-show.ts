import { locate } from '../../../config/locate.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { KeyAt } from '../../../ports/key-files.ts';
import { command, formatFlag, jsonFlag } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { ending, given, json, wantsJson } from './assessing.ts';

export const keysShowCommand = command({
  name: 'keys show',
  under: 'top',
  summary: 'Show the public halves of your key and of the project key.',
  description:
    'The personal key is that of AQE_KEY, AQE_KEY_FILE or `aqe keys init`; the system key is that of AQE_SYSTEM_KEY, AQE_SYSTEM_KEY_FILE or the project. A private key is never printed.',
  examples: ['aqe keys show', 'aqe keys show --format json'],
  flags: {
    project: { type: 'string', value: 'DIR', summary: 'Project whose system key is shown.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
  },
  async run({ flags }, { io, trust }) {
    const { keys } = await trust();
    const { project } = locate({ cwd: io.cwd, ...given({ project: flags.project }) });
    const personal = await keys.personal();
    const system = await keys.system(project);
    if (personal === null && system === null)
      throw new AqeError('AQE3010', 'there is neither a personal key nor one of this project');
    if (wantsJson(flags)) io.out(json({ schemaVersion: '1', personal, system }));
    else {
      const out = page(styleFor(io, false));
      show('personal key', personal, 'none: make one with aqe keys init');
      show('system key', system, 'none yet: it is made when the first decision is signed');
      io.out(out.text());

      function show(title: string, key: KeyAt | null, none: string): void {
        out.heading(title);
        if (key === null) return out.line(`  ${none}`);
        out.field('  key id', key.keyId);
        out.field('  public key', key.publicKey);
        out.field('  private key in', key.path);
      }
    }
    return ending(0, io);
  },
});
