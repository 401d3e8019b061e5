import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { localFiles } from './local-files.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(process.env['AQE_CORPUS'] ?? join(root, '../shared/corpus'), 'encoding');

/** What the files say, by the end of their names. */
const words: Readonly<Record<string, string>> = {
  'ansii.txt': 'Test',
  'ascii.txt': 'premi?re is first\n',
  'latin1.txt': 'première is first\n',
  'uft16_be.txt': 'Test Unicode UTF-16 BE',
  'uft16_le.txt': 'Test Unicode UTF-16 LE',
  'utf8.txt': 'utf7',
  'utf8_bom.txt': 'utf8_bom',
  'with-ISO8859-1.xml': '<?xml version="1.0" encoding="ISO_8859-1"?>\n<text>aä</text>\n',
  'with-UTF8.xml': '<?xml version="1.0" encoding="utf-8"?>\n<text>aä</text>\n',
  'without-encoding.xml': '<?xml version="1.0"?>\n<text>aä</text>\n',
};

function endOf(name: string): string | undefined {
  return Object.keys(words).find((end) => name.endsWith(`_${end}`) || name.endsWith(`-${end}`));
}

const present = existsSync(folder);
const names = present ? readdirSync(folder).toSorted() : [];

test.runIf(present)(
  'the encoding corpus (set AQE_CORPUS to its folder to run this) has no file that is not checked',
  () => {
    const unknown = names.filter((name) => endOf(name) === undefined);

    expect(names.length).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  },
);

test.each(names)('%s is decoded to what its name says', async (name) => {
  const expected = words[endOf(name) ?? ''] ?? 'unknown';

  const text = await localFiles(folder, []).text(name, 1000);

  expect(text?.slice(0, expected.length)).toBe(expected);
});
