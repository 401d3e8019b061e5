// Writes the list of signal readers, one for each file of src/adapters/signals. With --check nothing is written, and the
// exit status is 1 if the list is not up to date.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const folder = fileURLToPath(new URL('../src/adapters/signals', import.meta.url));
const index = join(folder, 'index.ts');

const names = (await readdir(folder)).filter(
  (name) => name.endsWith('.ts') && name !== 'index.ts' && !name.endsWith('.test.ts'),
);
const readers: { readonly file: string; readonly name: string }[] = [];
for (const file of names.toSorted()) {
  const found = [...(await readFile(join(folder, file), 'utf8')).matchAll(/^export const (\w+): SignalReader\b/gm)];
  if (found.length !== 1) throw new Error(`${file} exports ${found.length} signal readers, expected 1`);
  readers.push({ file, name: found[0]![1]! });
}
const text = [
  '// Made by tools/generate-registry.ts: add a reader file and run `npm run docs`.',
  `import type { SignalReader } from '../../ports/signal-reader.ts';`,
  ...readers.map(({ file, name }) => `import { ${name} } from './${file}';`),
  '',
  '/** Every reader, in the order of their file names. Exactly one claims a well-formed report. */',
  `export const signalReaders: readonly SignalReader[] = [${readers.map(({ name }) => name).join(', ')}];`,
  '',
].join('\n');
const made = await format(text, { ...(await resolveConfig(index)), filepath: index });
if (made !== (await readFile(index, 'utf8'))) {
  if (process.argv.includes('--check')) {
    process.stdout.write('src/adapters/signals/index.ts is not up to date: run npm run docs\n');
    process.exitCode = 1;
  } else await writeFile(index, made);
}
