import { recordAssessment } from '../../../app/assess.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { cheapestWayOut } from '../../../core/decision/explain.ts';
import { renderMarkdown } from '../../../adapters/renderers/markdown.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { assessmentPage } from '../render/assessment.ts';
import { styleFor } from '../style.ts';
import { assessFor, deliver, ending, json } from './assessing.ts';

export const assessCommand = command({
  name: 'assess',
  under: 'deploy',
  summary: 'Decide go or no-go for one release from the evidence there is.',
  description:
    'Finds the reports of the project, binds each to the release, evaluates gates, risk and checklist, prints the verdict with its reasons and keeps it. Missing, stale and unreadable evidence never counts as a pass.',
  examples: [
    'aqe deploy assess --version v2.5.0',
    'aqe deploy assess --version v2.5.0 --format json > readiness.json',
    'aqe deploy assess --version v2.4.4-hotfix --priority critical --fast-track',
  ],
  flags: {
    ...releaseFlags,
    format: formatFlag('text', 'json', 'markdown'),
    ...jsonFlag,
    priority: {
      type: 'string',
      value: 'normal|high|critical',
      choices: ['normal', 'high', 'critical'],
      default: 'normal',
      summary: 'Priority of the release; a fast-track needs critical.',
    },
    'fast-track': {
      type: 'boolean',
      summary: 'Let only the gates under fast_track.gates count; the others are shown and recorded as debt.',
    },
    strict: { type: 'boolean', summary: 'Exit 1 when approved with warnings.' },
    'dry-run': { type: 'boolean', summary: 'Do not keep the assessment.' },
    ...outputFlags,
  },
  exits: {
    0: 'APPROVED, also with warnings',
    1: 'BLOCKED, or warnings with --strict',
    3: 'INCONCLUSIVE',
    4: 'PENDING_APPROVAL',
  },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    if (flags['fast-track'] && flags.priority !== 'critical')
      throw new AqeError('AQE1002', '--fast-track is for --priority critical only');
    const fastTrack = flags['fast-track'] ? { priority: flags.priority } : null;
    const { assessment, evaluation, input, workspace } = await assessFor(flags, surroundings, {
      fastTrack,
      strict: flags.strict,
    });
    try {
      const body = json(assessment);
      if (!flags['dry-run']) await recordAssessment(workspace, assessment, body);
      const format = flags.json ? 'json' : flags.format;
      const text =
        format === 'json'
          ? body
          : format === 'markdown'
            ? renderMarkdown(assessment)
            : assessmentPage(assessment, cheapestWayOut(evaluation, input), styleFor(io, flags.ascii));
      await deliver(text, flags.output, workspace, io);
      return ending(assessment.exitCode, io);
    } finally {
      await workspace.store.close();
    }
  },
});
