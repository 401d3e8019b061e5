// npm run bench -- [NAME…] [--format json] [--data DIR]. JSON is one figure a line. Ends with 1 when a figure misses its bar.
// `models` needs --data and runs only when it is named.
import { parseArgs } from 'node:util';
import { assessExample } from './assess-example.ts';
import { bigReports } from './big-reports.ts';
import type { Figure } from './figure.ts';
import { install } from './install.ts';
import { runModels } from './models.ts';
import { root, tool } from './processes.ts';
import { startUp } from './start-up.ts';

const benchmarks = [startUp, assessExample, install, bigReports];
const { values, positionals } = parseArgs({
  options: { format: { type: 'string', default: 'text' }, data: { type: 'string' } },
  allowPositionals: true,
});
const names = [...benchmarks.map(({ name }) => name), 'models'];
const unknown = positionals.filter((name) => !names.includes(name));
const timed = positionals.filter((name) => name !== 'models');

if (unknown.length > 0) {
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${names.join(', ')}\n`);
  process.exitCode = 2;
} else if (positionals.includes('models')) process.exitCode = runModels(values.data, values.format);

if (unknown.length === 0 && (positionals.length === 0 || timed.length > 0) && process.exitCode !== 2) {
  tool(process.execPath, ['tools/build.ts'], root);
  for (const { name, measure } of benchmarks) {
    if (timed.length > 0 && !timed.includes(name)) continue;
    for (const figure of measure()) {
      process.stdout.write(values.format === 'json' ? `${JSON.stringify(figure)}\n` : rowOf(figure));
      if (!isMet(figure)) process.exitCode = 1;
    }
  }
}

function rowOf(figure: Figure): string {
  const { name, value, bar, unit } = figure;
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(2);
  const verdict = isMet(figure) ? 'pass' : 'FAIL';
  return `${verdict}  ${name.padEnd(32)} ${shown.padStart(8)}  at most ${String(bar).padStart(3)} ${unit}\n`;
}

function isMet({ value, bar }: Figure): boolean {
  return value <= bar;
}
