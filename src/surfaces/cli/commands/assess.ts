import { recordAssessment, type Assessed } from '../../../app/assess.ts';
import { readBundle, type ReadBundle } from '../../../app/bundle/read-bundle.ts';
import type { Trust } from '../../../app/trust.ts';
import type { Workspace } from '../../../app/workspace.ts';
import type { PinnedKey } from '../../../ports/key-files.ts';
import type { StoredEnvelope } from '../../../ports/store.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { cheapestWayOut } from '../../../core/decision/explain.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { renderMarkdown } from '../../../adapters/renderers/markdown.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags, type Io, type Surroundings } from '../command.ts';
import { assessmentPage } from '../render/assessment.ts';
import { styleFor } from '../style.ts';
import { assessFor, deliver, ending, json, questionFlags, questionOf, wantsJson } from './assessing.ts';

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
    version: {
      type: 'string',
      value: 'VERSION',
      summary: 'Release to look at; needed unless there is a --bundle. Its tag is the commit; without a tag HEAD is.',
    },
    format: formatFlag('text', 'json', 'markdown'),
    ...jsonFlag,
    ...questionFlags,
    strict: { type: 'boolean', summary: 'Exit 1 when approved with warnings.' },
    bundle: {
      type: 'string',
      value: 'FILE',
      summary: 'Make the decision of a bundle again, from what is in it; without project, git or database.',
    },
    key: {
      type: 'string',
      value: 'KEY[,KEY]',
      summary: 'Public keys, as files or in base64, one of which must have signed the decision of the --bundle.',
    },
    attestation: {
      type: 'string',
      value: 'FILE',
      summary: 'Also write the decision as a signed SLSA verification summary (see `aqe verify`).',
    },
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
    if (flags.bundle !== undefined) return assessBundle(flags.bundle, flags, surroundings);
    if (flags.key !== undefined) throw new AqeError('AQE1002', '--key goes with --bundle');
    const { version } = flags;
    if (version === undefined) throw new AqeError('AQE1002', '--version is missing');
    const assessed = await assessFor({ ...flags, version }, surroundings, {
      ...questionOf(flags),
      strict: flags.strict,
    });
    const { assessment, workspace } = assessed;
    try {
      const body = json(assessment);
      const envelope = flags['dry-run'] ? null : await recordAssessment(workspace, assessed, body);
      if (flags.attestation !== undefined) await writeAttestation(flags.attestation, envelope, workspace, io);
      await deliver(textOf(assessed, body, flags, io), flags.output, workspace, io);
      return ending(assessment.exitCode, io);
    } finally {
      await workspace.store.close();
    }
  },
});

interface Format {
  readonly json: boolean;
  readonly format: string;
  readonly ascii: boolean;
}

function textOf({ assessment, evaluation, input }: Assessed, body: string, flags: Format, io: Io): string {
  if (wantsJson(flags)) return body;
  if (flags.format === 'markdown') return renderMarkdown(assessment);
  return assessmentPage(assessment, cheapestWayOut(evaluation, input), styleFor(io, flags.ascii));
}

/** @throws AqeError AQE3014 where nothing was signed. */
async function writeAttestation(
  file: string,
  envelope: StoredEnvelope | null,
  { output }: Workspace,
  io: Io,
): Promise<void> {
  if (envelope === null)
    throw new AqeError('AQE3014', 'nothing was signed: a dry run, or the project is not under version control');
  await output.write(file, `${envelope.envelope}\n`);
  io.err(`wrote ${file}\n`);
}

/** What a bundle says itself. */
const answeredByBundle = [
  'revision',
  'baseline',
  'project',
  'config',
  'environment',
  'service',
  'policy-ref',
  'region',
  'fast-track',
  'strict',
  'attestation',
] as const;

type BundleFlags = Format & {
  readonly version: string | undefined;
  readonly output: string | undefined;
  readonly key: string | undefined;
} & Readonly<Partial<Record<(typeof answeredByBundle)[number], string | boolean | undefined>>>;

/** The decision of a bundle, made again. Nothing is kept. */
async function assessBundle(
  file: string,
  flags: BundleFlags,
  { bundles, trust, output, io }: Surroundings,
): Promise<number> {
  const other = answeredByBundle.find((flag) => flags[flag] !== undefined && flags[flag] !== false);
  if (other !== undefined)
    throw new AqeError('AQE1002', `--${other} does not go with --bundle, which says itself what was asked`);
  const keys = flags.key === undefined ? null : await keysOf(flags.key, await trust());
  const found = await readBundle({ ...(await bundles()), json }, file, keys);
  const { assessment, text, slice, signature } = found;
  if (flags.version !== undefined && flags.version !== assessment.version)
    throw new AqeError('AQE1002', `the bundle is about ${assessment.version}, and --version says ${flags.version}`);
  await deliver(textOf(found, text, flags, io), flags.output, { output }, io);
  io.err(
    `made again from ${short(file, 200)}: the same bytes as on ${assessment.createdAt}; ${plural(slice.length, 'entry', 'entries')} of the audit log, each continuing the one before\n${signatureLine(signature)}`,
  );
  return ending(assessment.exitCode, io);
}

async function keysOf(names: string, { keys }: Trust): Promise<readonly PinnedKey[]> {
  const wanted = names
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const found = (await Promise.all(wanted.map((each) => keys.publicKeys(each)))).flat();
  if (found.length === 0) throw new AqeError('AQE1002', '--key names no key');
  return found;
}

function signatureLine(signature: ReadBundle['signature']): string {
  if (signature === null)
    return "nobody's signature was checked, and anybody can write a bundle: --key KEY checks that the owner of KEY signed this decision\n";
  const { keyIds, checkpoints } = signature;
  const log =
    checkpoints.upTo === null
      ? 'no checkpoint that they signed is about this part of the audit log'
      : `${plural(checkpoints.agreeing, 'signed checkpoint')} agreed with the audit log up to entry ${checkpoints.upTo}`;
  return `signed by ${keyIds.join(', ')}; ${log}\n`;
}
