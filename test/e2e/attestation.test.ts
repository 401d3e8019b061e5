import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const artifact = `sha256:${'4f'.repeat(32)}`;
const other = `sha256:${'5e'.repeat(32)}`;
const assess = ({ root }: Project, ...flags: readonly string[]): Promise<CliResult> =>
  aqe(root, ['deploy', 'assess', '--version', 'v2.5.0', ...flags]);
const verify = ({ root }: Project, digest: string, ...flags: readonly string[]): Promise<CliResult> =>
  aqe(root, ['verify', 'decision.json', '--digest', digest, '--service', 'shop', ...flags]);
const commitOf = ({ repository }: Project): string => `gitCommit:${repository.git('rev-parse', 'HEAD')}`;

interface Statement {
  readonly subject: readonly object[];
  readonly predicate: {
    readonly inputAttestations: readonly { readonly digest: { readonly sha256: string } }[];
    readonly policy: { readonly digest: { readonly sha256: string } };
    readonly verifiedLevels: readonly string[];
  };
}

function statementOf({ root }: Project): Statement {
  const { payload } = JSON.parse(readFileSync(join(root, 'decision.json'), 'utf8')) as { readonly payload: string };
  return JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as Statement;
}

test('an approved release leaves a statement that verifies for its commit and environment, and for nothing else', async () => {
  const shop = project();

  const assessed = await assess(shop, '--attestation', 'decision.json', '--json');
  const verified = await verify(shop, commitOf(shop));
  const [elsewhere, another] = [
    await verify(shop, commitOf(shop), '--environment', 'staging'),
    await verify(shop, artifact),
  ];

  expect(assessed).toMatchObject({ code: 0, err: expect.stringContaining('wrote decision.json') as unknown });
  expect([verified.code, elsewhere.code, another.code]).toEqual([0, 1, 1]);
});

test('the statement names every evidence file that has a digest, and the policy', async () => {
  const shop = project();
  shop.write('reports/broken.xml', '<testsuite');

  const { evidence, policyDigest } = json<{ evidence: { sha256: string | null }[]; policyDigest: string }>(
    await assess(shop, '--attestation', 'decision.json', '--json'),
  );

  const { predicate } = statementOf(shop);
  expect(predicate.inputAttestations.map(({ digest }) => digest.sha256).toSorted()).toEqual(
    evidence.flatMap(({ sha256 }) => sha256 ?? []).toSorted(),
  );
  expect(predicate.policy.digest.sha256).toBe(policyDigest);
});

test('a blocked release leaves a statement that it failed', async () => {
  const shop = project({ audit: { critical: 1 } });

  await assess(shop, '--attestation', 'decision.json');

  expect(statementOf(shop).predicate.verifiedLevels).toEqual(['FAILED']);
  expect((await verify(shop, commitOf(shop))).code).toBe(1);
});

test('with an artifact the decision is about it, under another digest', async () => {
  const shop = project();

  const plain = json<{ decisionDigest: string }>(await assess(shop, '--json'));
  const about = json<{ decisionDigest: string; artifact: string }>(
    await assess(shop, '--artifact', artifact, '--attestation', 'decision.json', '--json'),
  );

  expect(about.artifact).toBe(artifact);
  expect(about.decisionDigest).not.toBe(plain.decisionDigest);
  expect([await verify(shop, artifact), await verify(shop, commitOf(shop))].map(({ code }) => code)).toEqual([0, 1]);
});

test('evidence that was stamped for another artifact does not count', async () => {
  const shop = project();
  await aqe(shop.root, ['deploy', 'evidence', 'stamp', 'reports/junit.xml', '--artifact', other]);

  const result = await assess(shop, '--artifact', artifact, '--json');

  const { evidence } = json<{ evidence: { path: string; state: string; reason: string }[] }>(result);
  expect(result.code).toBe(3);
  expect(evidence.find(({ path }) => path === 'reports/junit.xml')).toMatchObject({
    state: 'stale',
    reason: `stamped for the artifact ${other}, the release is ${artifact}`,
  });
});

test.each([
  ['a dry run, which signs nothing', project, ['--dry-run'], 'AQE3014'],
  ['a project without version control', () => project({ history: 'none' }), [], 'AQE3014'],
  ['something that is no digest', project, ['--artifact', 'shop:latest'], 'AQE1002'],
])('--attestation with %s is an error', async (_, of, flags, code) => {
  const { err, ...rest } = await assess(of(), '--attestation', 'decision.json', ...flags);

  expect(rest).toEqual({ code: 2, out: '' });
  expect(err).toContain(code);
});
