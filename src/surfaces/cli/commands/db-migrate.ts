import { command, projectFlags } from '../command.ts';
import { inline } from '../../../core/report/encode.ts';
import { ending, projectOf } from './assessing.ts';

export const dbMigrateCommand = command({
  name: 'db migrate',
  under: 'top',
  summary: 'Bring the schema of the state database up to date.',
  description:
    'Makes the tables in an empty database. Every command does this when it first writes; run it by itself where the role that the commands use may not make tables.',
  examples: ['aqe db migrate'],
  flags: { ...projectFlags },
  exits: { 0: 'the schema is up to date' },
  async run({ flags }, { io, open }) {
    const database = await (await open(projectOf(flags))).databases();
    try {
      const { version, latest } = await database.schema();
      if (version < latest) await database.migrate();
      const change = version < latest ? `from version ${version} to ${latest}` : `version ${version} already`;
      io.out(`${inline(database.place)}: ${change}\n`);
    } finally {
      await database.close();
    }
    return ending(0, io);
  },
});
