import { databaseStatus } from '../../../app/database-status.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { drawTables, shortDigest } from '../render/database.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const dbStatusCommand = command({
  name: 'db status',
  under: 'top',
  summary: 'Show which state database is used, what it holds and whether it is sound.',
  description:
    'Changes nothing. The digest of a table is a SHA-256 over its rows in order: two databases with the same digests hold the same.',
  examples: ['aqe db status', 'aqe db status --json'],
  flags: { ...projectFlags, format: formatFlag('text', 'json'), ...jsonFlag, ...outputFlags },
  exits: { 0: 'the database is sound, or not there yet' },
  async run({ flags }, { io, open, output }) {
    const workspace = await open(projectOf(flags));
    const database = await workspace.databases();
    const { product, place, schema, contents } = await databaseStatus(database).finally(() => database.close());
    const out = page(styleFor(io, flags.ascii));
    out.field('State database', `${product}, ${place}`);
    out.field('Schema', versionWords(schema));
    drawTables(out, contents?.tables ?? []);
    if (contents?.head) out.field('End of the log', `entry ${contents.head.seq}, ${shortDigest(contents.head.hash)}`);
    const faults = contents?.faults ?? [];
    if (contents !== null) out.mark(faults.length === 0 ? 'pass' : 'fail', integrityWords(faults.length), { at: 0 });
    for (const fault of faults) out.line(`  ${fault}`);
    const text = wantsJson(flags) ? json({ schemaVersion: '1', product, place, schema, contents }) : out.text();
    await deliver(text, flags.output, { output }, io);
    return ending(faults.length === 0 ? 0 : 2, io);
  },
});

function versionWords({ version, latest }: { readonly version: number; readonly latest: number }): string {
  if (version === 0) return 'none yet: the first command that keeps something makes it, or aqe db migrate';
  return version === latest ? `version ${version}` : `version ${version} of ${latest}: run aqe db migrate`;
}

function integrityWords(faults: number): string {
  return faults === 0 ? 'records, seals and audit log are sound' : plural(faults, 'fault');
}
