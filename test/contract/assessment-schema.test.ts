import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assessmentJsonSchema } from '../../src/surfaces/json/assessment-schema.ts';
import { run } from '../../src/wiring/run.ts';
import { gitTestEnvironment, GitRepository, removeTemporaryFolders } from '../support/git-repository.ts';

const example = fileURLToPath(new URL('../../examples/checkout', import.meta.url));
const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(assessmentJsonSchema());

let plain: Record<string, unknown>;

beforeAll(async () => {
  plain = await assessExample();
});
afterAll(removeTemporaryFolders);

/** A release of the example in a repository of its own, as `assess --format json` prints it. */
async function assessExample(...flags: readonly string[]): Promise<Record<string, unknown>> {
  const repository = new GitRepository();
  cpSync(example, repository.root, { recursive: true });
  repository.commit('feat: a service to sell things with');
  repository.git('tag', 'v2.4.0');
  repository.write('src/more.js', 'export const more = 1;\n');
  repository.commit('feat: more of it');
  let printed = '';
  const io = {
    cwd: repository.root,
    env: gitTestEnvironment(),
    isTTY: false,
    isErrTTY: false,
    columns: 80,
    out: (text: string) => void (printed += text),
    err: () => undefined,
  };
  await run(['assess', '--version', 'v2.5.0', '--format', 'json', '--dry-run', ...flags], io, 'aqe-deploy');
  return JSON.parse(printed) as Record<string, unknown>;
}

test('the assessment of a real project fits the published schema', () => {
  validate(plain);

  expect(validate.errors).toBeNull();
  expect(plain).toMatchObject({ change: { commits: 1 }, evidence: expect.arrayContaining([expect.anything()]) });
});

test('a fast-track fits the published schema', async () => {
  const assessment = await assessExample('--fast-track', '--priority', 'critical');

  validate(assessment);

  expect(validate.errors).toBeNull();
  expect(assessment['fastTrack']).toMatchObject({ priority: 'critical' });
});

test.each([
  ['a field that is not described', { surprise: 1 }],
  ['a decision nobody knows', { decision: 'MAYBE' }],
  ['a digest that is none', { decisionDigest: 'abc' }],
  ['a missing part', { risk: undefined }],
])('%s does not fit the published schema', (_, change) => {
  const assessment: unknown = JSON.parse(JSON.stringify({ ...plain, ...change }));

  const fits = validate(assessment);

  expect(fits).toBe(false);
});
