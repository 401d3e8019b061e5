import { writeBundle } from '../../../app/bundle/write-bundle.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, jsonFlag, projectFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { json, projectOf } from './assessing.ts';

export const bundleCommand = command({
  name: 'bundle',
  under: 'deploy',
  summary:
    'Pack the newest decision on a release with everything it was made from, for somebody without your database.',
  description:
    'Writes a gzipped tar archive with the evidence files, the policy, what git and the database answered, the decision, its signed statement, approvals and the part of the audit log from the first entry about the release to the decision; of all of it what there was when the decision was made. The decision is made again out of the finished archive and has to come out with the same bytes. `aqe deploy assess --bundle FILE` does so anywhere.',
  examples: [
    'aqe deploy bundle --version v2.5.0 --output v2.5.0.aqe.tgz',
    'aqe deploy assess --bundle v2.5.0.aqe.tgz --key release.pub',
  ],
  flags: {
    version: { type: 'string', value: 'VERSION', required: true, summary: 'Release whose newest decision is packed.' },
    output: { type: 'string', value: 'FILE', required: true, summary: 'Archive to write.' },
    'include-secrets': {
      type: 'boolean',
      summary: 'Pack evidence as it is although it holds what looks like a secret.',
    },
    ...projectFlags,
    ...jsonFlag,
  },
  async run({ flags }, surroundings) {
    const { io } = surroundings;
    const workspace = await surroundings.open(projectOf(flags));
    try {
      const written = await writeBundle(workspace, workspace.bundles, {
        version: flags.version,
        output: flags.output,
        includeSecrets: flags['include-secrets'],
        json,
      });
      const { assessment, evidence, auditEntries, sha256 } = written;
      const { decision, createdAt, decisionDigest } = assessment;
      if (flags.json) {
        io.out(
          json({
            schemaVersion: '1',
            output: flags.output,
            sha256,
            decision,
            createdAt,
            decisionDigest,
            evidence,
            auditEntries,
          }),
        );
        return 0;
      }
      const out = page(styleFor(io, false));
      out.mark('pass', `wrote ${short(flags.output, 200)}: ${decision} of ${createdAt}`, { at: 0 });
      out.field('SHA-256 of the file:', sha256);
      out.field('Decision digest:', decisionDigest);
      out.field(
        'Holds:',
        `${plural(evidence, 'evidence file')}, ${plural(auditEntries, 'audit entry', 'audit entries')}`,
      );
      out.field('Check it with:', `aqe deploy assess --bundle ${short(flags.output, 200)} --key KEY`);
      out.line(
        'KEY is the public key of this project, which `aqe keys show` prints. Hand it on by another way.',
        'dim',
      );
      io.out(out.text());
      return 0;
    } finally {
      await workspace.store.close();
    }
  },
});
