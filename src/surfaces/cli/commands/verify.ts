import { verifyStatement, type VerifiedFile } from '../../../app/verify-statement.ts';
import { parseDuration } from '../../../config/duration.ts';
import { locate } from '../../../config/locate.ts';
import type { CheckName } from '../../../core/attest/verify-summary.ts';
import { parseDigest, resourceUriOf } from '../../../core/attest/vsa.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, given, json, wantsJson } from './assessing.ts';

export const verifyCommand = command({
  name: 'verify',
  under: 'top',
  summary: 'Verify a signed decision, offline.',
  description:
    'Makes the seven checks of the SLSA verification summary: signature, subject, predicate type, verifier, resource, result and levels. The keys that are trusted are those of --key and --keys, else those that lie in .agentic-qe/keys of this project; the key that the file itself names is never taken from it. A line of a key file may name, after the key, the one verifier that it may sign for.',
  examples: [
    'aqe verify decision.json --key release.pub --digest gitCommit:5f0c… --service shop --environment production',
    'aqe verify decision.json --keys trusted --digest sha256:4f2c… --resource-uri pkg:oci/shop --level AQE_GATE_PASSED,AQE_RISK_LOW --max-age 24h',
  ],
  flags: {
    key: { type: 'string', value: 'KEY[,KEY]', summary: 'Trusted public keys: files, or keys in base64.' },
    keys: { type: 'string', value: 'DIR', summary: 'Folder whose *.pub files are trusted.' },
    verifier: { type: 'string', value: 'ID', summary: 'Who has to have verified; else the default name.' },
    digest: {
      type: 'string',
      value: 'DIGEST',
      required: true,
      summary: 'What it has to be about: sha256:…, sha512:… or gitCommit:….',
    },
    'resource-uri': { type: 'string', value: 'URI', summary: 'What it has to be for; or --service and --environment.' },
    service: { type: 'string', value: 'NAME', summary: 'Service that it has to be for.' },
    environment: { type: 'string', value: 'NAME', summary: 'Environment that it has to be for; production if absent.' },
    region: { type: 'string', value: 'NAME', summary: 'Region that it has to be for, where one was asked about.' },
    'policy-digest': {
      type: 'string',
      value: 'DIGEST',
      summary: 'SHA-256 of the policy that has to have been applied.',
    },
    level: {
      type: 'string',
      value: 'LEVEL[,LEVEL]',
      summary: 'Levels to accept: one of the gate levels named, one of the risk levels named, and every other.',
    },
    'max-age': { type: 'string', value: 'DURATION', summary: 'How old it may be, such as 24h.' },
    project: { type: 'string', value: 'DIR', summary: 'Project whose own keys are trusted if no others are named.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  positional: { name: 'file', summary: 'The signed decision.', required: true, many: false },
  exits: { 0: 'every check holds', 1: 'a check does not hold' },
  async run({ flags, positionals }, { io, trust, output }) {
    const result = await verifyStatement(await trust(), {
      file: positionals[0] ?? '',
      keys: listOf(flags.key),
      keyFolder: flags.keys ?? null,
      project:
        flags.key === undefined && flags.keys === undefined
          ? locate({ cwd: io.cwd, ...given({ project: flags.project }) }).project
          : null,
      verifier: flags.verifier ?? null,
      subject: digestOf('--digest', flags.digest),
      resourceUri: resourceOf(flags['resource-uri'], flags),
      levels: listOf(flags.level),
      policyDigest: flags['policy-digest'] === undefined ? null : policyDigestOf(flags['policy-digest']),
      maxAge: flags['max-age'] === undefined ? null : ageOf(flags['max-age']),
    });
    const { file, verified, checks, trusted, statement } = result;
    const text = wantsJson(flags)
      ? json({ schemaVersion: '1', file, verified, checks, trusted, statement })
      : verifiedPage(result, styleFor(io, flags.ascii));
    await deliver(text, flags.output, { output }, io);
    return ending(verified ? 0 : 1, io);
  },
});

const titles: Readonly<Record<CheckName, string>> = {
  signature: 'signed by a trusted key',
  subject: 'about this artifact',
  'predicate-type': 'a verification summary',
  verifier: 'by the verifier that the key may sign for',
  resource: 'for this resource',
  result: 'the result is PASSED',
  levels: 'the levels are accepted',
  policy: 'under this policy',
  age: 'young enough',
};

function verifiedPage({ file, verified, checks, trusted }: VerifiedFile, style: Style): string {
  const out = page(style);
  const failed = checks.filter(({ holds }) => !holds).length;
  out.heading(
    `${short(file, 200)}: ${verified ? 'verified' : `not verified, ${plural(failed, 'check')} of ${checks.length} failed`}`,
  );
  out.rule();
  for (const { check, holds, detail } of checks)
    out.mark(holds ? 'pass' : 'fail', `${titles[check]}: ${short(detail, 1000)}`, { at: 0 });
  if (trusted.from === 'project')
    out.line('The keys are those of the project itself. Whoever can change its files can change them too.', 'dim');
  return out.text();
}

function listOf(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function digestOf(flag: string, text: string) {
  const digest = parseDigest(text);
  if (digest === null)
    throw new AqeError('AQE1002', `${flag} is no digest: write sha256:, sha512: or gitCommit: and lower-case hex`);
  return digest;
}

function policyDigestOf(text: string): string {
  const { algorithm, value } = digestOf('--policy-digest', text.includes(':') ? text : `sha256:${text}`);
  if (algorithm !== 'sha256') throw new AqeError('AQE1002', '--policy-digest is a sha256');
  return value;
}

function ageOf(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === null) throw new AqeError('AQE1002', '--max-age is no duration: write 30m, 24h or 7d');
  return milliseconds;
}

function resourceOf(
  uri: string | undefined,
  { service, environment, region }: Readonly<Record<'service' | 'environment' | 'region', string | undefined>>,
): string {
  if (uri !== undefined) {
    if (service !== undefined || environment !== undefined || region !== undefined)
      throw new AqeError('AQE1002', '--resource-uri says it all: leave --service, --environment and --region out');
    return uri;
  }
  if (service === undefined) throw new AqeError('AQE1002', 'say what it has to be for: --service, or --resource-uri');
  return resourceUriOf({ service, environment: environment ?? 'production', region: region ?? null });
}
