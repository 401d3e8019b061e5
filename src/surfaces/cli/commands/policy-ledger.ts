import { shadowLedger } from '../../../app/shadow-ledger.ts';
import type { Ledger, LedgerCount } from '../../../core/policy/ledger.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page, type Page } from '../render/page.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';
import { wholeNumber } from './policy-diff.ts';

export const policyLedgerCommand = command({
  name: 'policy ledger',
  under: 'deploy',
  summary: 'Show what everything in shadow would have blocked.',
  description:
    'From the kept assessments of the service and environment: what the decision would have been while mode was shadow, and how often each gate that is in shadow, or not yet effective, would have blocked.',
  examples: ['aqe deploy policy ledger', 'aqe deploy policy ledger --days 30 --format json'],
  flags: {
    ...projectFlags,
    days: { type: 'string', value: 'N', summary: 'Only the last so many days.' },
    limit: { type: 'string', value: 'N', default: '500', summary: 'Assessments to look at, the newest first.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  async run({ flags }, { io, open }) {
    const workspace = await open(projectOf(flags));
    try {
      const { service, environment } = workspace.policy;
      const ledger = await shadowLedger(workspace, {
        days: flags.days === undefined ? null : wholeNumber('--days', flags.days),
        limit: wholeNumber('--limit', flags.limit),
      });
      const text = wantsJson(flags)
        ? json({ schemaVersion: '1', service, environment, ...ledger })
        : ledgerPage(`${short(service, 60)} in ${short(environment, 60)}`, ledger, styleFor(io, flags.ascii));
      await deliver(text, flags.output, workspace, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});

/** Versions that a line names. */
const named = 5;

function ledgerPage(subject: string, { assessments, from, to, mode, gates }: Ledger, style: Style): string {
  const out = page(style);
  out.heading(`${subject}: ${plural(assessments, 'kept assessment')}${from === null ? '' : `, ${from} to ${to}`}`);
  if (mode.assessments === 0 && gates.length === 0) {
    out.line('  nothing was in shadow');
    return out.text();
  }
  if (mode.assessments > 0) out.line(`  mode was shadow in ${plural(mode.assessments, 'assessment')}`);
  for (const each of mode.wouldBe)
    out.mark(each.decision === 'APPROVED' ? 'pass' : 'fail', `would have been ${each.decision}: ${words(each)}`);
  for (const { gate, inShadow, wouldBlock, wouldBeInconclusive, wouldWarn, criteria } of gates) {
    const causes = criteria.map(({ key, count }) => `${key} (${count})`).join(', ');
    out.line(
      `  ${short(gate, 64)}: in shadow in ${plural(inShadow, 'assessment')}${causes === '' ? '' : `; ${causes}`}`,
    );
    count(out, 'fail', 'would have blocked', wouldBlock);
    count(out, 'unknown', 'would have had no evidence', wouldBeInconclusive);
    count(out, 'warn', 'would have warned', wouldWarn);
    if (wouldBlock === null && wouldBeInconclusive === null && wouldWarn === null)
      out.mark('pass', 'would have changed nothing', { at: 4 });
  }
  return out.text();
}

function count(out: Page, mark: 'fail' | 'unknown' | 'warn', what: string, each: LedgerCount | null): void {
  if (each !== null) out.mark(mark, `${what} ${words(each)}`, { at: 4 });
}

function words({ count: times, first, last, versions }: LedgerCount): string {
  const some = versions.slice(0, named).map((version) => short(version, 40));
  const more = versions.length - some.length;
  const when = first === last ? first : `${first} to ${last}`;
  return `${plural(times, 'time')}, ${when}, ${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
