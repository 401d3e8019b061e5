// Damages the fixtures of report readers and reads what comes of it, far more often than the tests do:
// `--seed N --inputs N [--reader ID,…]`. One input again: `--reader ID --seed N --only NUMBER`. `--write FILE` keeps the
// smallest input that shows the first problem. Exit status 1 for a problem.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { signalReaders } from '../src/adapters/signals/index.ts';
import { fuzzProcess } from '../test/fuzz/fuzz-process.ts';
import { describeFailure, sumOf, summary } from '../test/fuzz/report.ts';
import type { RunResult } from '../test/fuzz/run.ts';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '20000' },
    reader: { type: 'string' },
    only: { type: 'string' },
    write: { type: 'string' },
    processes: { type: 'string', default: '2' },
  },
});
const asked = flags.reader?.split(',') ?? signalReaders.map(({ id }) => id);
const seed = Number(flags.seed);
const from = flags.only === undefined ? 0 : Number(flags.only);
const count = flags.only === undefined ? Number(flags.inputs) : 1;
const isWrong = [seed, from, count, Number(flags.processes)].some(
  (number) => !Number.isSafeInteger(number) || number < 0,
);
if (isWrong) {
  process.stderr.write(
    'usage: npm run fuzz -- [--seed N] [--inputs N] [--reader ID,…] [--only NUMBER] [--write FILE]\n',
  );
  process.exit(2);
}

const queue = [...asked];
const results: RunResult[] = [];
let peak = 0;

async function work(): Promise<void> {
  const worker = fuzzProcess();
  try {
    for (let reader = queue.shift(); reader !== undefined; reader = queue.shift()) {
      const result = await worker.run({ seed, reader, from, count });
      results.push(result);
      const { inputs, outcomes, failures, slowest, seconds } = result;
      const read = outcomes['read'] ?? 0;
      process.stdout.write(
        `${reader.padEnd(26)} ${String(inputs).padStart(7)} inputs ${String(read).padStart(7)} readings ${seconds.toFixed(1).padStart(7)} s  slowest ${slowest.milliseconds.toFixed(0)} ms (${slowest.number})\n`,
      );
      for (const failure of failures) process.stdout.write(`${describeFailure(failure)}\n`);
      const first = failures[0];
      if (first && flags.write !== undefined) {
        writeFileSync(flags.write, await worker.reduce(first));
        queue.length = 0;
      }
    }
  } finally {
    peak = Math.max(peak, worker.peakMegabytes);
    worker.stop();
  }
}

await Promise.all(Array.from({ length: Math.max(1, Number(flags.processes)) }, work));
process.stdout.write(`${summary(sumOf(results))}, at most ${peak.toFixed(0)} MB\n`);
if (results.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
