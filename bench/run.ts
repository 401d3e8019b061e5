// npm run bench -- [NAME…] [--format json]. JSON is one figure a line. Ends with 1 when a figure is above its bar.
import { parseArgs } from 'node:util';
import { assessExample } from './assess-example.ts';
import { bigReports } from './big-reports.ts';
import type { Figure } from './figure.ts';
import { install } from './install.ts';
import { root, tool } from './processes.ts';
import { startUp } from './start-up.ts';

const benchmarks = [startUp, assessExample, install, bigReports];
const { values, positionals } = parseArgs({
  options: { format: { type: 'string', default: 'text' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));

if (unknown.length > 0) {
  const names = benchmarks.map(({ name }) => name).join(', ');
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${names}\n`);
  process.exitCode = 2;
} else {
  tool(process.execPath, ['tools/build.ts'], root);
  for (const { name, measure } of benchmarks) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
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
