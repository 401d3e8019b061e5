import { rollbackPlanMarkdown } from '../../../adapters/renderers/rollback-plan-markdown.ts';
import { rollbackPlanYaml } from '../../../adapters/renderers/rollback-plan-yaml.ts';
import { planRollback } from '../../../app/plan-rollback.ts';
import { planDocument } from '../../../core/rollout/plan-document.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReleaseQuery } from '../../../ports/source-control.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { deliver, ending, given, json, projectOf, wantsJson } from './assessing.ts';

export const rollbackPlanCommand = command({
  name: 'rollback-plan',
  under: 'deploy',
  summary: 'Write how a release is taken back, from the config, the recorded deployments and its migrations.',
  description:
    'What nobody configured, recorded or measured is said to be so, and `gaps` lists what the plan lacks. Nothing is carried out. docs/guides/rollback-plan.md explains every line.',
  examples: [
    'aqe deploy rollback-plan --version v2.5.0',
    'aqe deploy rollback-plan --version v2.5.0 --strict --format markdown --output docs/runbooks/v2.5.0-rollback.md',
  ],
  flags: {
    ...releaseFlags,
    format: formatFlag('yaml', 'json', 'markdown'),
    ...jsonFlag,
    strict: { type: 'boolean', summary: 'Exit 1 when the plan has gaps.' },
    ...outputFlags,
  },
  exits: { 0: 'written, with its gaps', 1: 'with --strict: the plan has gaps' },
  async run({ flags }, { io, open }) {
    const { version, revision, baseline } = flags;
    if (version.length > 200) throw new AqeError('AQE1002', '--version is longer than 200 characters');
    const release = given({ version, revision, baseline }) as ReleaseQuery;
    const workspace = await open({ ...projectOf(flags), release });
    try {
      const plan = await planRollback(workspace, release);
      const page = planDocument(plan);
      const text = wantsJson(flags)
        ? json({ schemaVersion: '1', rollback_plan: page })
        : flags.format === 'markdown'
          ? rollbackPlanMarkdown(page)
          : rollbackPlanYaml(page);
      await deliver(text, flags.output, workspace, io);
      return ending(flags.strict && plan.gaps.length > 0 ? 1 : 0, io);
    } finally {
      await workspace.store.close();
    }
  },
});
