import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const corpus = process.env['AQE_CORPUS'] ?? join(root, '../shared/corpus');
const present = existsSync(join(corpus, 'manifest.tsv'));

interface Report {
  readonly formats: readonly { readonly format: string; readonly disagree: readonly { readonly file: string }[] }[];
  readonly total: Readonly<Record<'files' | 'asserted' | 'agree' | 'misdetected' | 'crashed' | 'timedOut', number>>;
}

test.runIf(present)(
  'at least 97 % of what others assert of their reports is what we count, and every difference is explained',
  { timeout: 120_000 },
  () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'tools/conformance.ts'), '--corpus', corpus, '--format', 'json'],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );

    const { formats, total } = JSON.parse(stdout) as Report;
    const page = readFileSync(join(root, 'docs/reference/conformance.md'), 'utf8').replaceAll('\\_', '_');
    const unexplained = formats.flatMap(({ disagree }) => disagree).filter(({ file }) => !page.includes(`| ${file} `));
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(total).toMatchObject({ misdetected: 0, crashed: 0, timedOut: 0 });
    expect(total.files).toBeGreaterThan(500);
    expect(total.agree / total.asserted).toBeGreaterThanOrEqual(0.97);
    expect(unexplained).toEqual([]);
  },
);

test.skipIf(present)('no corpus is here: set AQE_CORPUS to its folder, and conformance is checked', () => {
  expect(present).toBe(false);
});
