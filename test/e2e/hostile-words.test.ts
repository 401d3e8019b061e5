import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aqe, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { brokenRows, hostileTexts, unsafeIn, withoutColours } from '../support/hostile.ts';
import { project, type Project } from '../support/project.ts';

const texts = Object.entries(hostileTexts).map(([name, text]) => ({ name, text }));
const typed = [0, 1, 2, 3, 4];

let shop: Project;
let before: readonly string[];

const filesOf = ({ root }: Project): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^\.(git|agentic-qe)(\/|$)/.test(path))
    .toSorted();

beforeAll(() => {
  shop = project({ audit: { high: 1 }, tests: { passed: 4, failed: 1 } });
  before = filesOf(shop);
});
afterAll(removeTemporaryFolders);

/** `--flag=value`, so that a value may begin with a dash. */
const deploy = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  aqe(shop.root, ['deploy', ...argv], { env });

const expectHarmless = ({ code, out, err }: CliResult): void => {
  expect(typed).toContain(code);
  expect(err).not.toContain('internal error');
  expect(unsafeIn(withoutColours(out))).toEqual([]);
  expect(unsafeIn(withoutColours(err))).toEqual([]);
};

test('there are at least forty texts', () => {
  const count = texts.length;

  expect(count).toBeGreaterThanOrEqual(40);
});

describe.each(texts)('$name', ({ text }) => {
  test('as a version prints nothing but text, in colour too, and starts nothing', async () => {
    const plain = await deploy(['assess', '--dry-run', `--version=${text}`]);
    const coloured = await deploy(['risk', `--version=${text}`], { FORCE_COLOR: '1' });
    const asJson = await deploy(['assess', '--dry-run', '--json', `--version=${text}`]);

    for (const result of [plain, coloured, asJson]) expectHarmless(result);
    if (asJson.code !== 2) expect(JSON.parse(asJson.out)).toMatchObject({ version: text });
    expect(filesOf(shop)).toEqual(before);
  });

  test('as a version adds no heading, row, link or HTML to the report', async () => {
    const named = await deploy(['report', `--version=${text}`]);
    const plan = await deploy(['remediate', `--version=${text}`]);
    const reference = await deploy(['report', '--version=v1']);

    for (const result of [named, plan]) {
      expectHarmless(result);
      expect(result.out).not.toMatch(/<|\]\(/);
      expect(brokenRows(result.out)).toEqual([]);
    }
    if (named.code !== 2) expect(structureOf(named.out)).toEqual(structureOf(reference.out));
  });

  test('as a revision, a baseline, a gate, a topic or an environment is refused in words', async () => {
    const results = [
      await deploy(['assess', '--dry-run', '--version=v1', `--revision=${text}`]),
      await deploy(['assess', '--dry-run', '--version=v1', `--baseline=${text}`]),
      await deploy(['check-gate', '--version=v1', `--gate=${text}`]),
      await deploy(['explain', '--version=v1', '--', text]),
      await deploy(['assess', '--dry-run', '--version=v1', `--environment=${text}`]),
    ];

    for (const result of results) expectHarmless(result);
    expect(results.map(({ code }) => code).slice(0, 4)).toEqual([2, 2, 2, 2]);
    expect(filesOf(shop)).toEqual(before);
  });

  test('as the author and the words of an attestation stays text', async () => {
    const said = await deploy(['checklist', '--version=v9', '--attest=monitoring', `--by=${text}`, `--note=${text}`]);
    const shown = await deploy(['checklist', '--version=v9']);
    const report = await deploy(['report', '--version=v9']);

    for (const result of [said, shown, report]) expectHarmless(result);
    expect(report.out).not.toMatch(/<|\]\(/);
    expect(brokenRows(report.out)).toEqual([]);
    expect(filesOf(shop)).toEqual(before);
  });

  test('as a command, a flag or a file is no more than a mistake', async () => {
    const results = [
      await aqe(shop.root, ['deploy', text]),
      await aqe(shop.root, ['deploy', 'risk', '--version=v1', text]),
      await aqe(shop.root, ['deploy', 'risk', '--version=v1', `--${text}`]),
      await aqe(shop.root, ['deploy', 'evidence', '--', text]),
      await aqe(shop.root, ['deploy', 'risk', '--version=v1', `--config=${text}`]),
      await aqe(shop.root, ['deploy', 'risk', '--version=v1', `--project=${text}`]),
    ];

    for (const result of results) expectHarmless(result);
    expect(filesOf(shop)).toEqual(before);
  });
});

/** Headings and table rows by kind: what a reader takes for the shape of the report. */
function structureOf(markdown: string): readonly string[] {
  return markdown
    .split('\n')
    .flatMap((line) => (/^#/.test(line) ? [line.replace(/:.*/, '')] : /^\|/.test(line) ? ['row'] : []));
}
