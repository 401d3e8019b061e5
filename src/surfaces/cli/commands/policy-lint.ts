import { lintConfig, type PlacedFinding } from '../../../app/lint-policy.ts';
import type { LintLevel } from '../../../core/policy/lint-input.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Glyph, type Style } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const policyLintCommand = command({
  name: 'policy lint',
  under: 'deploy',
  summary: 'Find what is wrong or doubtful in the policy: rules that cannot fire, pass or be met.',
  description:
    'Looks at the config for every environment and service that it defines, without evidence: thresholds that never fail or never pass, metrics that nothing gives, approvals that nobody can give, waivers past their date, environments in which nothing blocks.',
  examples: ['aqe deploy policy lint', 'aqe deploy policy lint --config gates.yaml --strict'],
  flags: {
    ...projectFlags,
    strict: { type: 'boolean', summary: 'Exit 1 for warnings too.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'no error, warnings perhaps', 1: 'an error, or a warning with --strict' },
  async run({ flags }, { io, open }) {
    const workspace = await open(projectOf(flags));
    const findings = await lintConfig(workspace);
    const count = (level: LintLevel): number => findings.filter((each) => each.level === level).length;
    const [errors, warnings] = [count('error'), count('warning')];
    const text = wantsJson(flags)
      ? json({
          schemaVersion: '1',
          config: workspace.configPath,
          policySource: workspace.policySource,
          errors,
          warnings,
          findings: findings.map(({ path, ...finding }) => ({ ...finding, path: path.join('.') })),
        })
      : lintPage(findings, workspace.configPath, styleFor(io, flags.ascii));
    await deliver(text, flags.output, workspace, io);
    return ending(errors > 0 || (flags.strict && warnings > 0) ? 1 : 0, io);
  },
});

const marks: Readonly<Record<LintLevel, Glyph>> = { error: 'fail', warning: 'warn', info: 'skip' };

function lintPage(findings: readonly PlacedFinding[], config: string | null, style: Style): string {
  const out = page(style);
  const count = (level: LintLevel): number => findings.filter((each) => each.level === level).length;
  out.heading(
    `${config ?? 'the default policy'}: ${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`,
  );
  for (const { rule, level, place, message, advice } of findings) {
    out.mark(marks[level], `${place} ${level} ${rule}: ${message}`);
    out.line(`      ${advice}`, 'dim');
  }
  return out.text();
}
