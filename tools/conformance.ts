// Reads every file of a corpus (DIR/manifest.tsv and the files it names) as the program would, and compares what it says
// with what the manifest asserts. Exit status 1 for a crash, a time-out, a file read as the wrong format, or less than 97 %
// agreement. `--only a,b` looks at these formats alone.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compare, type Check } from './conformance/compare.ts';
import { isOwnReader, isRead, mayRead } from './conformance/formats.ts';
import { readManifest } from './conformance/manifest.ts';
import { readFiles } from './conformance/read-files.ts';

interface Disagreement extends Omit<Check, 'agree'> {
  readonly file: string;
}

interface FormatResult {
  readonly format: string;
  files: number;
  asserted: number;
  agree: number;
  readonly disagree: Disagreement[];
  readonly misdetected: { readonly file: string; readonly as: string }[];
  readonly refused: { readonly file: string; readonly code: string; readonly reason: string }[];
}

const { values: flags } = parseArgs({
  options: { corpus: { type: 'string' }, format: { type: 'string', default: 'text' }, only: { type: 'string' } },
});
if (flags.corpus === undefined || !['text', 'json'].includes(flags.format)) {
  process.stderr.write('usage: npm run conformance -- --corpus DIR [--only FORMAT,…] [--format text|json]\n');
  process.exit(2);
}
const corpus = resolve(flags.corpus);
const only = flags.only?.split(',');
const rows = readManifest(corpus).filter(({ format }) => only?.includes(format) ?? true);
const results = await readFiles(
  corpus,
  rows.map(({ file }) => file),
);

const formats = new Map<string, FormatResult>();
const crashed: { file: string; message: string }[] = [];
const timedOut: string[] = [];
for (const { format, file, asserted, computed } of rows) {
  const entry = formats.get(format) ?? {
    format,
    files: 0,
    asserted: 0,
    agree: 0,
    disagree: [],
    misdetected: [],
    refused: [],
  };
  formats.set(format, entry);
  entry.files += 1;
  const result = results.get(file)!;
  if (result.outcome !== 'answered') {
    if (result.outcome === 'crashed') crashed.push({ file, message: result.message });
    else timedOut.push(file);
    if (asserted && isRead(format)) entry.asserted += 1;
    continue;
  }
  const { actual } = result;
  if (actual.outcome === 'refused') entry.refused.push({ file, code: actual.code, reason: actual.detail });
  if (
    actual.format !== null &&
    !mayRead(format, actual.format) &&
    (actual.outcome === 'read' || actual.code !== 'AQE2004')
  )
    entry.misdetected.push({ file, as: actual.format });
  const checks =
    asserted && isRead(format)
      ? compare(asserted, actual, { isOwnReader: isOwnReader(format, actual.format), computed })
      : [];
  if (checks.length === 0) continue;
  entry.asserted += 1;
  const wrong = checks.filter(({ agree }) => !agree);
  if (wrong.length === 0) entry.agree += 1;
  for (const { metric, expected, actual: found } of wrong)
    entry.disagree.push({ file, metric, expected, actual: found ?? null });
}

const all = [...formats.values()].toSorted((a, b) => (a.format < b.format ? -1 : 1));
const sum = (of: (one: FormatResult) => number): number => all.reduce((total, one) => total + of(one), 0);
const total = {
  files: rows.length,
  asserted: sum((one) => one.asserted),
  agree: sum((one) => one.agree),
  misdetected: sum((one) => one.misdetected.length),
  refused: sum((one) => one.refused.length),
  crashed: crashed.length,
  timedOut: timedOut.length,
};
if (flags.format === 'json') {
  const short = all.map((one) => ({ ...one, misdetected: one.misdetected.length, refused: one.refused.length }));
  process.stdout.write(`${JSON.stringify({ formats: short, total }, null, 2)}\n`);
} else process.stdout.write(asText());
const good = total.crashed + total.timedOut + total.misdetected === 0 && total.agree >= 0.97 * total.asserted;
if (!good) process.exitCode = 1;

function asText(): string {
  const line = (...cells: readonly (string | number)[]): string =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(28) : String(cell).padStart(12))).join('');
  const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    line('format', 'files', 'asserted', 'agree', 'misdetected', 'refused'),
    ...all.map((one) =>
      line(one.format, one.files, one.asserted, one.agree, one.misdetected.length, one.refused.length),
    ),
    line('total', total.files, total.asserted, total.agree, total.misdetected, total.refused),
    '',
    ...all.flatMap((one) =>
      one.disagree.map(
        ({ file, metric, expected, actual }) =>
          `differs      ${file}: ${metric} ${shown(expected)}, ours ${shown(actual)}`,
      ),
    ),
    ...all.flatMap((one) => one.misdetected.map(({ file, as }) => `misdetected  ${file}: as ${as}`)),
    ...(only
      ? all.flatMap((one) => one.refused.map(({ file, code, reason }) => `refused      ${file}: ${code} ${reason}`))
      : []),
    ...crashed.map(({ file, message }) => `crashed      ${file}: ${message}`),
    ...timedOut.map((file) => `timed out    ${file}`),
    `${total.crashed} crashed, ${total.timedOut} timed out, ${total.agree} of ${total.asserted} asserted truths agree (${((100 * total.agree) / Math.max(1, total.asserted)).toFixed(2)} %)`,
    '',
  ].join('\n');
}
