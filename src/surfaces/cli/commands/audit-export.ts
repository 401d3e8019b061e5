import { exportAudit } from '../../../app/export-audit.ts';
import { exportColumns } from '../../../core/audit/export-row.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { csv } from '../../../core/report/csv.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const auditExportCommand = command({
  name: 'audit export',
  under: 'top',
  summary: 'Print the entries of the audit log of a time, with what an auditor samples.',
  description:
    'One row an entry: who did what to which release, the digest of the decision, authors and approvers of the change, and when its evidence was taken. Where the entry does not say so itself, the assessment and the approvals of that decision do. A log that is not whole is not exported. In CSV a field that a spreadsheet would take for a formula begins with an apostrophe.',
  examples: [
    'aqe audit export --from 2026-01-01 --to 2026-04-01 --format csv --output q1.csv',
    'aqe audit export --from 2026-03-01T06:00:00Z --format json',
  ],
  flags: {
    ...projectFlags,
    from: { type: 'string', value: 'DATE', summary: 'First day or time, included. A day begins at midnight UTC.' },
    to: { type: 'string', value: 'DATE', summary: 'Day or time that ends it, not included.' },
    format: formatFlag('csv', 'json'),
    ...jsonFlag,
    output: outputFlags.output,
  },
  async run({ flags }, { io, open, output }) {
    const from = timeOf('--from', flags.from);
    const to = timeOf('--to', flags.to);
    if (from !== null && to !== null && from >= to) throw new AqeError('AQE1002', '--to is not after --from');
    const workspace = await open(projectOf(flags));
    try {
      const rows = await exportAudit(workspace, { from, to });
      const text = wantsJson(flags)
        ? json({
            schemaVersion: '1',
            service: workspace.policy.service,
            from: from?.toISOString() ?? null,
            to: to?.toISOString() ?? null,
            entries: rows.map((row) => ({ ...row, seq: Number(row.seq) })),
          })
        : csv([exportColumns, ...rows.map((row) => exportColumns.map((column) => row[column]))]);
      await deliver(text, flags.output, { output }, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});

function timeOf(flag: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const written = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  const time = written === null ? null : new Date(text);
  // The calendar has no 30th of February; the engine would take it for a day in March.
  const day = written && new Date(`${written[1]}-${written[2]}-${written[3]}T00:00:00Z`);
  if (time === null || Number.isNaN(time.getTime()) || day?.toISOString().slice(8, 10) !== written?.[3])
    throw new AqeError('AQE1002', `${flag} is no date: write 2026-03-01, or 2026-03-01T12:00:00Z`);
  return time;
}
