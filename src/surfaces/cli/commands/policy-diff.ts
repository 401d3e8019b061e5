import { diffPolicies, type PolicyDiff } from '../../../app/diff-policies.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { differenceLine } from '../../../core/policy/policy-difference.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const policyDiffCommand = command({
  name: 'policy diff',
  under: 'deploy',
  summary: 'Compare two policies, and show which past assessments would have been decided otherwise.',
  description:
    'A and B are config files or git revisions; `.` is the policy in force. Kept assessments of the service and environment are judged by both, each with the values, the time and the earlier releases that it had, before anybody approved anything.',
  examples: ['aqe deploy policy diff origin/main .', 'aqe deploy policy diff . stricter.yaml --format json'],
  flags: {
    ...projectFlags,
    limit: { type: 'string', value: 'N', default: '500', summary: 'Assessments to judge, the newest first.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  positional: { name: 'policies', summary: 'Two policies: A and B.', required: true, many: true },
  async run({ flags, positionals }, { io, open }) {
    const [from, to, ...more] = positionals;
    if (from === undefined || to === undefined || more.length > 0)
      throw new AqeError('AQE1002', 'name two policies: config files, git revisions, or `.` for the one in force');
    const workspace = await open(projectOf(flags));
    try {
      const diff = await diffPolicies(workspace, { from, to, limit: wholeNumber('--limit', flags.limit) });
      const text = wantsJson(flags) ? json({ schemaVersion: '1', ...diff }) : diffPage(diff, styleFor(io, flags.ascii));
      await deliver(text, flags.output, workspace, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});

/** @throws AqeError AQE1002. */
export function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value > 0) return value;
  throw new AqeError('AQE1002', `${flag} is no whole number from 1 to 999,999`);
}

function diffPage(diff: PolicyDiff, style: Style): string {
  const { differences, flips, summary, judged, statusOnly, notJudged } = diff;
  const out = page(style);
  out.heading(
    `${short(diff.from, 60)} → ${short(diff.to, 60)}: ${plural(differences.length, 'part differs', 'parts differ')}`,
  );
  for (const difference of differences)
    out.mark(difference.effect === 'weaker' ? 'warn' : 'skip', differenceLine(difference));
  out.line();
  out.heading(
    `${flips.length} of ${plural(judged, 'kept assessment')} of ${short(diff.service, 60)} in ${short(diff.environment, 60)} would have been decided otherwise`,
  );
  for (const { before, after, count } of summary) out.line(`  ${before} → ${after}: ${count}`);
  for (const { version, createdAt, before, after, came, went } of flips) {
    const rules = [...went.map((rule) => `− ${rule}`), ...came.map((rule) => `+ ${rule}`)].join(', ');
    out.mark(
      after.decision === 'APPROVED' ? 'pass' : 'fail',
      `${short(version, 60)} (${createdAt}): ${before.decision} → ${after.decision}${rules === '' ? '' : `; ${rules}`}`,
    );
  }
  if (statusOnly > 0)
    out.line(`  ${plural(statusOnly, 'more has', 'more have')} the same decision with another status`);
  if (notJudged.length > 0)
    out.mark('unknown', `works on reports, which are not kept, and is not in these numbers: ${notJudged.join('; ')}`);
  return out.text();
}
