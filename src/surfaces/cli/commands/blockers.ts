import type { FiredRule } from '../../../core/decision/decide.ts';
import { remediate } from '../../../core/decision/remediate.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { gateLines, header } from '../render/assessment.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { assessFor, deliver, ending, json, questionFlags, questionOf, wantsJson } from './assessing.ts';

export const blockersCommand = command({
  name: 'blockers',
  under: 'deploy',
  summary: 'Show what keeps a release from being approved.',
  examples: ['aqe deploy blockers --version v2.6.0', 'aqe deploy blockers --version v2.6.0 --detailed'],
  flags: {
    ...releaseFlags,
    ...questionFlags,
    detailed: { type: 'boolean', summary: 'Name the findings, files and tests behind each blocker.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: {
    0: 'nothing blocks',
    1: 'something blocks',
    3: 'nothing failed, but evidence is missing',
    4: 'only an approval is missing',
  },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    const { assessment, evaluation, input, workspace } = await assessFor(flags, surroundings, questionOf(flags));
    await workspace.store.close();
    const { gates, rules, service, version, environment, decision, status } = assessment;
    const plan = remediate(evaluation, input.evidence, input.policy.remediation);
    const blocking = [...gates.blockers, ...gates.inconclusive];
    if (wantsJson(flags)) {
      await deliver(
        json({
          schemaVersion: '1',
          service,
          version,
          environment,
          decision,
          status,
          rules,
          blockers: gates.blockers,
          inconclusive: gates.inconclusive,
          warnings: gates.warnings,
        }),
        flags.output,
        workspace,
        io,
      );
      return ending(assessment.exitCode, io);
    }
    const out = page(styleFor(io, flags.ascii));
    header(out, assessment);
    out.heading(`Blocking (${plural(blocking.length, 'gate')})`);
    for (const gate of blocking) gateLines(out, gate, assessment);
    for (const { leadsTo, message } of rules.filter(blocksBesideGates)) out.mark('fail', `${leadsTo}: ${message}`);
    if (gates.warnings.length > 0) {
      out.heading(`Warnings (${plural(gates.warnings.length, 'gate')})`);
      for (const gate of gates.warnings) gateLines(out, gate, assessment);
    }
    if (flags.detailed) {
      for (const phase of plan.phases) {
        for (const task of phase.tasks.filter((each) => each.items.length > 0)) {
          out.heading(short(task.text, 200));
          for (const item of task.items) out.line(`  ${short(item, 300)}`);
        }
      }
    } else if (blocking.length > 0) out.line('Details: --detailed. A plan: aqe deploy remediate');
    await deliver(out.text(), flags.output, workspace, io);
    return ending(assessment.exitCode, io);
  },
});

/** What keeps the release from being approved and is no gate: gates are shown by themselves. */
function blocksBesideGates({ rule, leadsTo, setAside }: FiredRule): boolean {
  if (setAside || leadsTo === 'APPROVED' || leadsTo === 'APPROVED_WITH_WARNINGS') return false;
  return rule !== 'blocking-gate-failed' && rule !== 'blocking-gate-without-evidence';
}
