import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aqe, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

/** Names with which git, a shell or a path would do something else than look a revision up. */
const refs = [
  '--output=canary',
  '-Ocanary',
  '--upload-pack=touch canary',
  '--upload-pack=touch${IFS}canary',
  '--exec=touch canary',
  '--open-files-in-pager=touch canary',
  '--ext-diff',
  '--textconv',
  '--git-dir=/tmp',
  '--help',
  '--all',
  '--end-of-options',
  '--',
  '-',
  '-ccore.pager=touch canary',
  '$(touch canary)',
  '`touch canary`',
  '; touch canary',
  '| touch canary',
  '&& touch canary',
  '> canary',
  "';touch canary;'",
  'HEAD:aqe-deploy.yaml',
  'HEAD^@',
  '^HEAD',
  'HEAD..HEAD',
  ':/feat',
  ':(glob)**',
  '@{-1}',
  '../../../../etc/passwd',
  'refs/heads/*',
  'x'.repeat(5000),
  '\u001b[31mmain',
  'ext::sh -c touch% canary',
  'file:///etc/passwd',
];

let shop: Project;
let before: readonly string[];
const files = (): readonly string[] =>
  readdirSync(shop.root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^\.(agentic-qe|git\/(index|refs|logs|objects))/.test(path))
    .toSorted();

beforeAll(() => {
  shop = project();
  before = files();
});

/** Ways by which a name comes to git as the revision of a policy. */
const ways: readonly ((ref: string) => Promise<CliResult>)[] = [
  (ref) => aqe(shop.root, ['deploy', 'assess', '--version=v1', '--dry-run', `--policy-ref=${ref}`]),
  (ref) => aqe(shop.root, ['deploy', 'policy', 'lint', `--policy-ref=${ref}`]),
  (ref) => aqe(shop.root, ['deploy', 'approvals', '--version=v1'], { env: { AQE_POLICY_REF: ref } }),
  (ref) => aqe(shop.root, ['deploy', 'policy', 'diff', '--', ref, '.']),
  (ref) => aqe(shop.root, ['deploy', 'policy', 'diff', '--', '.', ref]),
  (ref) => {
    shop.write('ref.yaml', `service: shop\npolicy: { ref: ${JSON.stringify(ref)} }\n`);
    const result = aqe(shop.root, ['deploy', 'freezes', '--config', 'ref.yaml']);
    return result.finally(() => shop.remove('ref.yaml'));
  },
];

test.each(refs.map((ref) => ({ name: ref.slice(0, 40), ref })))(
  'a policy is not read from $name: nothing is started or written',
  async ({ ref }) => {
    const results: CliResult[] = [];
    for (const way of ways) results.push(await way(ref));

    for (const { code, out, err } of results) {
      expect(code).toBe(2);
      expect(err).toMatch(/AQE(1002|1004|1005|1011|2012|3040)/);
      expect(err).not.toContain('this is a bug');
      expect(out + err).not.toContain('root:');
      expect(out + err).not.toContain('\u001b');
    }
    expect(files()).toEqual(before);
  },
);
