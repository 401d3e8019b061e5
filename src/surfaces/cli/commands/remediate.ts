import { remediate, type Remediation } from '../../../core/decision/remediate.ts';
import type { Assessment } from '../../../core/decision/assessment.ts';
import { markdownText as md } from '../../../core/report/encode.ts';
import { number } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { assessFor, deliver, ending, json, wantsJson } from './assessing.ts';

export const remediateCommand = command({
  name: 'remediate',
  under: 'deploy',
  summary: 'Write a plan that opens the gates that are not open, counted from the evidence.',
  description:
    'Work is counted (lines to cover, vulnerabilities, failed tests). A time is stated only by the minutes you configure under remediation.minutes_per; nothing is guessed.',
  examples: [
    'aqe deploy remediate --version v2.6.0',
    'aqe deploy remediate --version v2.6.0 --output remediation-plan.md',
  ],
  flags: { ...releaseFlags, format: formatFlag('markdown', 'json'), ...jsonFlag, ...outputFlags },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    const { assessment, evaluation, input, workspace } = await assessFor(flags, surroundings);
    await workspace.store.close();
    const plan = remediate(evaluation, input.evidence, input.policy.remediation);
    const { service, version, environment } = assessment;
    await deliver(
      wantsJson(flags)
        ? json({ schemaVersion: '1', service, version, environment, ...plan })
        : planText(assessment, plan),
      flags.output,
      workspace,
      io,
    );
    return ending(0, io);
  },
});

function planText(assessment: Assessment, { phases, minutes }: Remediation): string {
  const title = `# Remediation plan: ${md(assessment.service)} ${md(assessment.version)}`;
  if (phases.length === 0) return `${title}\n\nEvery gate is open: nothing to do.\n`;
  const total = minutes === null ? 'not estimated (see the phases)' : `${number(minutes)} minutes`;
  const sections = phases.map(({ name, tasks, minutes: own, basis }, index) => {
    const lines = tasks.flatMap((task) => [`- [ ] ${md(task.text)}`, ...task.items.map((item) => `  - ${md(item)}`)]);
    return [
      `## Phase ${index + 1}: ${name}`,
      '',
      `Estimate: ${own === null ? '' : `${number(own)} minutes, `}${md(basis)}`,
      '',
      ...lines,
    ].join('\n');
  });
  return `${[title, `Status now: ${assessment.status}. Estimate of all phases: ${total}.`, ...sections].join('\n\n')}\n`;
}
