import { showAudit, type ShownEntry } from '../../../app/show-audit.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page, type Page } from '../render/page.ts';
import { styleFor, type Glyph } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const auditShowCommand = command({
  name: 'audit show',
  under: 'top',
  summary: 'Print the newest entries of the audit log, newest first.',
  examples: ['aqe audit show', 'aqe audit show --version v2.5.0 --limit 100 --format json'],
  flags: {
    ...projectFlags,
    version: { type: 'string', value: 'VERSION', summary: 'Only entries about this release.' },
    limit: { type: 'string', value: 'N', default: '20', summary: 'How many, at most.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  async run({ flags }, { io, open, output }) {
    const limit = limitOf(flags.limit);
    const workspace = await open(projectOf(flags));
    try {
      const shown = await showAudit(workspace.store, { limit, version: flags.version ?? null });
      const out = page(styleFor(io, flags.ascii));
      out.heading(`Audit log of ${short(workspace.policy.service, 60)}: ${plural(shown.length, 'entry', 'entries')}`);
      out.rule();
      for (const each of shown) show(each, out);
      const entries = shown.map(({ entry: { seq, prev, hash, body }, event }) => ({
        seq,
        prev,
        hash,
        event: event ?? null,
        ...(event === null && { body }),
      }));
      const text = wantsJson(flags) ? json({ schemaVersion: '1', entries }) : out.text();
      await deliver(text, flags.output, { output }, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});

const looks: Readonly<Record<string, Glyph>> = { done: 'pass', refused: 'fail', failed: 'fail', intent: 'unknown' };

function show({ entry, event }: ShownEntry, out: Page): void {
  if (event === null) {
    out.mark('fail', `${entry.seq}  cannot be read: aqe audit verify says more`, { at: 0 });
    return;
  }
  const { at, action, outcome, actor, version, environment, target, reason } = event;
  const about = [version, environment, target].filter((each) => each !== '').map((each) => short(each, 80));
  out.mark(looks[outcome] ?? 'unknown', `${entry.seq}  ${at}  ${short(action, 40)} ${short(outcome, 20)}`, { at: 0 });
  out.line(
    `   by ${short(actor.id, 100)} (${short(actor.method, 20)})${about.length > 0 ? `: ${about.join(', ')}` : ''}`,
  );
  if (reason !== '') out.line(`   ${short(reason, 300)}`, 'dim');
}

function limitOf(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new AqeError('AQE1002', '--limit is a whole number from 1 to 999999');
  return limit;
}
