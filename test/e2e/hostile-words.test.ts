import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aqe, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { brokenRows, hostileTexts, unsafeIn, withoutColours } from '../support/hostile.ts';
import { project, type Project } from '../support/project.ts';

const texts = Object.entries(hostileTexts).map(([name, text]) => ({ name, text }));

let shop: Project;
/** Without history, which saves the calls of git where they say nothing new. */
let loose: Project;
let before: readonly string[];
let reportOfV1: CliResult;

const filesOf = (...projects: readonly Project[]): readonly string[] =>
  projects.flatMap(({ root }) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => !/^\.(git|agentic-qe)(\/|$)/.test(path))
      .toSorted(),
  );

beforeAll(async () => {
  const shape = { audit: { high: 1 }, tests: { passed: 4, failed: 1 } } as const;
  shop = project(shape);
  loose = project({ ...shape, history: 'none' });
  before = filesOf(shop, loose);
  reportOfV1 = await deploy(loose, ['report', '--version=v1']);
});
afterAll(removeTemporaryFolders);

/** `--flag=value`, so that a value may begin with a dash. */
const deploy = (
  { root }: Project,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> => aqe(root, ['deploy', ...argv], { env });

const expectHarmless = ({ code, out, err }: CliResult): void => {
  expect([0, 1, 2, 3, 4]).toContain(code);
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
    const [page, asJson] = await Promise.all([
      deploy(loose, ['assess', '--dry-run', `--version=${text}`], { FORCE_COLOR: '1' }),
      deploy(loose, ['assess', '--dry-run', '--json', `--version=${text}`]),
    ]);

    for (const result of [page, asJson]) expectHarmless(result);
    if (asJson.code !== 2) expect(JSON.parse(asJson.out)).toMatchObject({ version: text });
    expect(filesOf(shop, loose)).toEqual(before);
  });

  test('as a version adds no heading, row, link or HTML to the report', async () => {
    const report = await deploy(loose, ['report', `--version=${text}`]);

    expectHarmless(report);
    expectOnlyText(report.out);
    expect(report.code).toBeLessThanOrEqual(2);
    if (report.code !== 2) expect(structureOf(report.out)).toEqual(structureOf(reportOfV1.out));
  });

  test('as a revision, a baseline, a gate or an environment is refused in words', async () => {
    const results = await Promise.all([
      deploy(shop, ['assess', '--dry-run', '--version=v1', `--revision=${text}`]),
      deploy(shop, ['assess', '--dry-run', '--version=v1', `--baseline=${text}`]),
      deploy(loose, ['check-gate', '--version=v1', `--gate=${text}`]),
      deploy(loose, ['explain', '--version=v1', '--', text]),
      deploy(loose, ['risk', '--version=v1', `--environment=${text}`]),
    ]);

    for (const result of results) expectHarmless(result);
    expect(results.map(({ code }) => code).slice(0, 4)).toEqual([2, 2, 2, 2]);
    expect(filesOf(shop, loose)).toEqual(before);
  });

  test('as the author and the words of an attestation stays text', async () => {
    const said = await deploy(loose, [
      'checklist',
      '--version=v9',
      '--attest=monitoring',
      `--by=${text}`,
      `--note=${text}`,
    ]);
    const shown = await deploy(loose, ['checklist', '--version=v9']);
    const report = await deploy(loose, ['report', '--version=v9']);

    for (const result of [said, shown, report]) expectHarmless(result);
    expectOnlyText(report.out);
    expect(filesOf(shop, loose)).toEqual(before);
  });

  test('as a command, a flag or a file is no more than a mistake', async () => {
    const results = await Promise.all([
      deploy(loose, [text]),
      deploy(loose, ['risk', '--version=v1', '--', text]),
      deploy(loose, ['risk', '--version=v1', `--x${text}`]),
      deploy(loose, ['evidence', '--', text]),
      deploy(loose, ['risk', '--version=v1', `--config=${text}`]),
      deploy(loose, ['risk', '--version=v1', `--project=${text}`]),
    ]);

    for (const result of results) expectHarmless(result);
    expect(filesOf(shop, loose)).toEqual(before);
  });
});

function expectOnlyText(markdown: string): void {
  expect(markdown).not.toMatch(/<|(?<!\\)\]\(/);
  expect(brokenRows(markdown)).toEqual([]);
}

/** Headings and table rows by kind: what a reader takes for the shape of the report. */
function structureOf(markdown: string): readonly string[] {
  return markdown
    .split('\n')
    .flatMap((line) => (line.startsWith('#') ? [line.replace(/:.*/, '')] : line.startsWith('|') ? ['row'] : []));
}
