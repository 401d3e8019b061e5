import { relative, resolve, sep } from 'node:path';
import { stampEvidence } from '../../../app/stamp-evidence.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, projectFlags } from '../command.ts';
import { ending, given, projectOf } from './assessing.ts';

export const evidenceStampCommand = command({
  name: 'evidence stamp',
  under: 'deploy',
  summary: 'Write the sidecar that binds reports to the commit they were made from.',
  description:
    'Run it right after the tools, on the commit that they ran on. The sidecar (aqe-evidence.json) carries digests of the reports, the commit and a digest of its sources; pass it along with the reports. Refuses a work tree with changes beside the reports: the reports would not be of that commit.',
  examples: [
    'aqe deploy evidence stamp reports/junit.xml coverage/lcov.info',
    'aqe deploy evidence stamp reports/*.json --artifact sha256:4f2c… --producer "build 118"',
  ],
  flags: {
    output: {
      type: 'string',
      value: 'FILE',
      summary: 'Sidecar to write; else aqe-evidence.json in the folder that holds all the files.',
    },
    artifact: { type: 'string', value: 'NAME', summary: 'Digest or name of the artifact built from the commit.' },
    producer: { type: 'string', value: 'NAME', summary: 'Who made the reports; else the operating-system user.' },
    ...projectFlags,
  },
  positional: { name: 'files', summary: 'Reports to stamp.', required: true, many: true },
  async run({ flags, positionals }, { io, open }) {
    const workspace = await open(projectOf(flags));
    const { path, sidecar } = await stampEvidence(workspace, {
      files: positionals.map((file) => resolve(io.cwd, file)),
      ...given({
        output:
          flags.output === undefined
            ? undefined
            : relative(workspace.project, resolve(io.cwd, flags.output)).split(sep).join('/'),
        artifact: flags.artifact,
        producer: flags.producer,
      }),
    });
    io.out(`${path}: ${plural(sidecar.files.length, 'report')} of commit ${sidecar.commit ?? 'unknown'}\n`);
    return ending(0, io);
  },
});
