import type { Workspace } from '../../../app/workspace.ts';
import { attestItem } from '../../../app/attest-item.ts';
import { checklistGroups } from '../../../core/checklist/items.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import type { Assessment } from '../../../core/decision/assessment.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags, type Io } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Glyph, type Style } from '../style.ts';
import { assessFor, deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const checklistCommand = command({
  name: 'checklist',
  under: 'deploy',
  summary: 'Check the deployment checklist, or attest one of its items.',
  description:
    'Items are answered by evidence where there is any. Items that need a person or a system that is not connected are unknown until attested; an attestation is recorded with its author as unverified, and --attest also takes the approvals of optional gates (product-manager-approval, stakeholder-signoff, api-docs-current).',
  examples: [
    'aqe deploy checklist --version v2.5.0',
    'aqe deploy checklist --version v2.4.4-hotfix --level essential',
    'aqe deploy checklist --version v2.5.0 --attest monitoring --by ada@example.com --note "23 alerts, on-call confirmed"',
  ],
  flags: {
    ...releaseFlags,
    level: {
      type: 'string',
      value: 'full|essential',
      choices: ['full', 'essential'],
      default: 'full',
      summary: 'How much of the list.',
    },
    attest: { type: 'string', value: 'ITEM', summary: 'Record your word on an item; needs --by and --note.' },
    by: { type: 'string', value: 'WHO', summary: 'Who attests (recorded as unverified).' },
    note: { type: 'string', value: 'TEXT', summary: 'What was checked.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: {
    0: 'nothing failed and nothing is unknown, or the attestation is recorded',
    1: 'an item failed',
    3: 'an item is unknown',
  },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    if (flags.attest !== undefined) return attest(flags.attest, flags, await surroundings.open(projectOf(flags)), io);
    if (flags.by !== undefined || flags.note !== undefined)
      throw new AqeError('AQE1002', '--by and --note go with --attest');
    const { assessment, workspace } = await assessFor(flags, surroundings, {
      level: flags.level === 'essential' ? 'essential' : 'full',
    });
    await workspace.store.close();
    const { service, version, environment, checklist } = assessment;
    const text = wantsJson(flags)
      ? json({ schemaVersion: '1', service, version, environment, ...checklist })
      : checklistPage(assessment, styleFor(io, flags.ascii));
    await deliver(text, flags.output, workspace, io);
    return ending(checklist.blockers.length > 0 ? 1 : checklist.unknown.length > 0 ? 3 : 0, io);
  },
});

async function attest(
  item: string,
  {
    version,
    by,
    note,
  }: { readonly version: string; readonly by: string | undefined; readonly note: string | undefined },
  workspace: Workspace,
  io: Io,
): Promise<number> {
  if (by === undefined || note === undefined) throw new AqeError('AQE1002', '--attest needs --by and --note');
  try {
    const recorded = await attestItem(workspace, { version, item, by, note });
    io.out(
      `${short(recorded.item, 60)} of ${short(version, 60)} attested by ${short(by, 100)} (identity not verified: ${short(recorded.identity, 100)})\n`,
    );
    return ending(0, io);
  } finally {
    await workspace.store.close();
  }
}

const looks: Readonly<Record<Assessment['checklist']['items'][number]['status'], Glyph>> = {
  passed: 'pass',
  warning: 'warn',
  failed: 'fail',
  unknown: 'unknown',
  'not-applicable': 'skip',
};

function checklistPage({ checklist, service, version }: Assessment, style: Style): string {
  const out = page(style);
  const score = checklist.readinessScore === null ? 'no item is answered' : `readiness ${checklist.readinessScore}/100`;
  out.heading(
    `Checklist of ${short(service, 60)} ${short(version, 60)}${checklist.level === 'essential' ? ' (essential)' : ''}: ${checklist.overallStatus}, ${score}`,
  );
  out.rule();
  for (const group of checklistGroups) {
    const items = checklist.items.filter((item) => item.group === group);
    if (items.length === 0) continue;
    out.heading(group);
    for (const item of items) {
      out.mark(looks[item.status], `${item.item}: ${item.status} [${item.id}]`);
      out.line(`      ${short(item.details, 300)}`, 'dim');
      out.line(
        `      ${item.status === 'unknown' ? 'would be answered by' : 'validated by'}: ${short(item.validatedBy, 200)}`,
        'dim',
      );
    }
  }
  out.line();
  out.line(
    `${plural(checklist.blockers.length, 'blocker')}, ${plural(checklist.warnings.length, 'warning')}, ${plural(checklist.unknown.length, 'unknown item')}`,
  );
  return out.text();
}
