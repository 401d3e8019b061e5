import { verifyAudit, type AuditVerification } from '../../../app/verify-audit.ts';
import type { Trust } from '../../../app/trust.ts';
import type { TrustedKey } from '../../../core/attest/dsse.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

/** Faults that are printed; one edit can break many entries. */
const most = 20;

export const auditVerifyCommand = command({
  name: 'audit verify',
  under: 'top',
  summary: 'Check that nothing in the audit log was changed, moved, added or cut off.',
  description:
    'Follows the chain of hashes from the first entry, compares every record of the state database with the entry that names it, and the log with every checkpoint beside it. What was cut off the end together with its checkpoints only a checkpoint kept elsewhere shows: give one with --checkpoint (a line of audit-checkpoints.jsonl, the whole file, or a signed decision). Keys are those of --key, else those in .agentic-qe/keys.',
  examples: [
    'aqe audit verify',
    'aqe audit verify --checkpoint decision.json --key release.pub',
    'aqe audit verify --format json',
  ],
  flags: {
    ...projectFlags,
    checkpoint: {
      type: 'string',
      value: 'FILE',
      summary: 'Signed checkpoints, or a signed decision, that were kept elsewhere.',
    },
    key: { type: 'string', value: 'KEY[,KEY]', summary: 'Keys that may sign checkpoints: files, or keys in base64.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'the log is whole and covered by a checkpoint', 1: 'it was tampered with, or is not covered' },
  async run({ flags }, { io, open, trust: openTrust, output }) {
    const workspace = await open(projectOf(flags));
    try {
      const trust = await openTrust();
      const given = flags.checkpoint === undefined ? null : await trust.envelopes.read(flags.checkpoint);
      const trusted = await trustedKeys(trust, flags.key, workspace.project);
      const { store, audit, identity, policy, redact } = workspace;
      const service = redact(policy.service);
      const result = await verifyAudit({ store, audit, identity, service, check: trust.check }, { trusted, given });
      const keys = [...new Set(trusted.map(({ keyId }) => keyId))];
      const text = wantsJson(flags)
        ? json({ schemaVersion: '1', service, ...result, keys })
        : verificationPage(service, result, styleFor(io, flags.ascii));
      await deliver(text, flags.output, { output }, io);
      return ending(result.whole ? 0 : 1, io);
    } finally {
      await workspace.store.close();
    }
  },
});

async function trustedKeys(
  { keys }: Trust,
  asked: string | undefined,
  project: string,
): Promise<readonly TrustedKey[]> {
  if (asked === undefined) {
    const own = await keys.system(project);
    return [...(await keys.projectKeys(project)), ...(own === null ? [] : [own])];
  }
  const named = asked.split(',').map((each) => each.trim());
  return (await Promise.all(named.filter((each) => each !== '').map((each) => keys.publicKeys(each)))).flat();
}

function verificationPage(
  service: string,
  { whole, entries, head, checkpoints, faults, notices }: AuditVerification,
  style: Style,
): string {
  const out = page(style);
  out.heading(
    `Audit log of ${short(service, 60)}: ${whole ? 'whole' : `broken, ${plural(faults.length, 'fault')}`}, ${plural(entries, 'entry', 'entries')}`,
  );
  out.rule();
  if (head !== null) out.field('last entry', `${head.seq}, ${head.hash}`);
  const { matching, newest } = checkpoints;
  out.field(
    'checkpoints',
    newest === null ? 'none that matches' : `${matching} match; the newest covers entry ${newest.seq}, ${newest.time}`,
  );
  for (const { kind, detail } of faults.slice(0, most)) out.mark('fail', `${kind}: ${short(detail, 400)}`, { at: 0 });
  if (faults.length > most) out.line(`and ${faults.length - most} more; --format json has all`, 'dim');
  for (const notice of notices.slice(0, most)) out.mark('warn', short(notice, 400), { at: 0 });
  if (notices.length > most) out.line(`and ${notices.length - most} more; --format json has all`, 'dim');
  return out.text();
}
