import { examine, type Finding } from '../../../app/doctor.ts';
import { short } from '../../../core/report/encode.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Glyph } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

const looks: Readonly<Record<Finding['state'], Glyph>> = { good: 'pass', warning: 'warn', broken: 'fail' };

export const doctorCommand = command({
  name: 'doctor',
  under: 'top',
  summary: 'Check config, git, state database and evidence of this project.',
  examples: ['aqe doctor', 'aqe doctor --format json'],
  flags: { ...projectFlags, format: formatFlag('text', 'json'), ...jsonFlag, ...outputFlags },
  exits: { 0: 'nothing is broken' },
  async run({ flags }, { io, open, output }) {
    const findings: Finding[] = [{ check: 'runtime', state: 'good', detail: `Node.js ${process.versions.node}` }];
    try {
      const workspace = await open(projectOf(flags));
      findings.push(
        { check: 'config', state: 'good', detail: workspace.configPath ?? 'none: the documented defaults hold' },
        ...(await examine(workspace)),
      );
      await workspace.store.close();
    } catch (error) {
      if (!(error instanceof AqeError)) throw error;
      // A config that cannot be read is a finding too.
      const { path, line, column } = error.context;
      const place = [path, line, column].filter((part) => part !== undefined).join(':');
      findings.push({
        check: 'config',
        state: 'broken',
        detail: `${error.code} ${error.message}${place ? ` (${place})` : ''}`,
      });
    }
    const out = page(styleFor(io, flags.ascii));
    for (const { check, state, detail } of findings)
      out.mark(looks[state], `${check}: ${short(detail, 400)}`, { at: 0 });
    const text = wantsJson(flags) ? json({ schemaVersion: '1', findings }) : out.text();
    await deliver(text, flags.output, { output }, io);
    return ending(findings.some((finding) => finding.state === 'broken') ? 2 : 0, io);
  },
});
