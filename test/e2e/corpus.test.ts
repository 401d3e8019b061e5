import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aqe, json } from '../support/cli.ts';

const root = resolve(import.meta.dirname, '../..');
const asked = process.env['AQE_CORPUS'] ?? join(root, '../shared/corpus');
const present = existsSync(join(asked, 'manifest.tsv'));
// A shell's current folder has no links in it either.
const corpus = present ? realpathSync(asked) : asked;
const folders = ['bad-input', 'encoding'];

/** What the manifest asserts of a file. */
interface Truth {
  readonly must_reject?: true;
  readonly must_reject_or_bounded?: true;
  readonly must_not_resolve_entities?: true;
  readonly tests?: number;
  readonly failed?: number;
}

interface View {
  readonly evidence: readonly {
    readonly state: string;
    readonly code: string | null;
    readonly reason: string;
    readonly signals: readonly { readonly metric: string; readonly value: number }[];
  }[];
}

const truths = new Map(present ? rowsOf(readFileSync(join(corpus, 'manifest.tsv'), 'utf8')) : []);
const files = present
  ? folders.flatMap((folder) => readdirSync(join(corpus, folder)).map((name) => `${folder}/${name}`)).toSorted()
  : [];
const passwd = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n')[0]! : 'root:';

test.runIf(present)('the corpus (set AQE_CORPUS to its folder to run this) asserts something of broken files', () => {
  const asserted = files.filter((file) => truths.get(file)?.must_reject);

  expect(files.length).toBeGreaterThanOrEqual(30);
  expect(asserted.length).toBeGreaterThanOrEqual(5);
});

describe.each(files.map((file) => ({ file, truth: truths.get(file) ?? {} })))('$file', ({ file, truth }) => {
  test('is measured as the manifest says, or unreadable with a reason that repeats none of it', async () => {
    const started = performance.now();
    const result = await aqe(corpus, ['deploy', 'evidence', file, '--project', '.', '--format', 'json']);

    const [record, ...more] = json<View>(result).evidence;
    expect(performance.now() - started).toBeLessThan(5000);
    expect(more).toEqual([]);
    expect(result.code).toBe(record!.state === 'measured' ? 0 : 3);
    if (truth.must_reject || truth.tests === undefined)
      expect(record).toMatchObject({ state: 'unreadable', signals: [] });
    if (record!.state === 'unreadable') {
      expect(record!.code).toMatch(/^AQE200[1-9]$/);
      expect(record!.reason.length).toBeLessThan(200);
      expect(textsOf(readFileSync(join(corpus, file), 'latin1')).filter((text) => result.out.includes(text))).toEqual(
        [],
      );
    }
    for (const [metric, value] of expectedSignals(truth))
      expect(record!.signals).toContainEqual(expect.objectContaining({ metric, value }));
    expect(result.out + result.err).not.toContain(passwd);
    expect(result.out + result.err).not.toMatch(/lollol|internal error/);
    expect('polluted' in {}).toBe(false);
  });
});

function expectedSignals({ tests, failed }: Truth): readonly (readonly [string, number])[] {
  return [
    ...(tests === undefined ? [] : [['executed_tests', tests] as const]),
    ...(failed === undefined ? [] : [['failed_tests', failed] as const]),
  ];
}

/** Runs of text long enough to be recognised, without markup and punctuation. */
function textsOf(content: string): readonly string[] {
  return [...content.matchAll(/(?<=[>"'])[^<>"'\\\n]{12,}(?=[<"'])/g)].slice(0, 1000).map(([text]) => text);
}

/** `format file … truth_asserted` by tab; the truth is JSON in quotes that are doubled inside. */
function rowsOf(tsv: string): readonly (readonly [string, Truth])[] {
  return tsv
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, file, , , , , , truth = ''] = line.split('\t');
      if (file === undefined || truth === '') return [];
      const text = truth.startsWith('"') ? truth.slice(1, -1).replaceAll('""', '"') : truth;
      return [[file, JSON.parse(text) as Truth] as const];
    });
}
