import { join } from 'node:path';
import { copyDatabase } from '../../../app/copy-database.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { drawTables } from '../render/database.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const dbCopyCommand = command({
  name: 'db copy',
  under: 'top',
  summary: 'Copy all records and the audit log into another database, and compare digests.',
  description:
    'Copies from the file of the project to the database that AQE_DATABASE_URL names, unless flags say otherwise. The target must hold no records. Everything is copied in one transaction, byte for byte and in order; the SHA-256 of every table is compared on both sides and the audit chain is followed before it stands. On a difference nothing is left in the target. The audit log of the target ends with an entry that tells of the copy.',
  examples: ['aqe db copy', 'aqe db copy --from .agentic-qe/deploy.db --to "$AQE_DATABASE_URL"'],
  flags: {
    from: {
      type: 'string',
      value: 'FILE|URL',
      summary: 'Database to copy; else .agentic-qe/deploy.db of the project.',
    },
    to: { type: 'string', value: 'FILE|URL', summary: 'Database to fill; else AQE_DATABASE_URL.' },
    ...projectFlags,
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'everything is there, with the same digests' },
  async run({ flags }, { io, open, output }) {
    const workspace = await open(projectOf(flags));
    const source = await workspace.databases(flags.from ?? join(workspace.project, '.agentic-qe', 'deploy.db'));
    const target = await workspace.databases(flags.to);
    try {
      const tables = await copyDatabase(workspace, source, target);
      const out = page(styleFor(io, flags.ascii));
      const rows = tables.reduce((sum, each) => sum + each.rows, 0);
      out.line(`${plural(rows, 'row')} copied from ${source.place} to ${target.place}`);
      drawTables(out, tables);
      out.mark('pass', 'the same digests on both sides', { at: 0 });
      const result = { schemaVersion: '1', from: source.place, to: target.place, tables };
      await deliver(wantsJson(flags) ? json(result) : out.text(), flags.output, { output }, io);
    } finally {
      await Promise.all([source.close(), target.close()]);
    }
    return ending(0, io);
  },
});
