import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import { fuzzProcess, type FuzzProcess } from './fuzz-process.ts';
import { describeFailure, summary, sumOf } from './report.ts';
import type { RunResult } from './run.ts';

/** The same in every run: what is found by chance is found by `npm run fuzz` with other seeds. */
const seed = 1;
const inputs = 2000;
/** Most memory of a process that reads every damaged report of its part, in megabytes. */
const memoryLimit = 1000;

/** Tests of every reader whose turn it is, so that as many files as there are parts can run beside each other. */
export function fuzzPart(part: number, parts: number): void {
  describe(`part ${part} of ${parts}`, () => {
    const own = signalReaders.filter((_, index) => index % parts === part - 1);
    const results: RunResult[] = [];
    let worker: FuzzProcess;
    beforeAll(() => {
      worker = fuzzProcess();
    });
    afterAll(() => {
      worker.stop();
      process.stdout.write(
        `part ${part} of ${parts}, ${summary(sumOf(results))}, at most ${worker.peakMegabytes.toFixed(0)} MB\n`,
      );
    });

    test.each(own.map(({ id }) => id))(
      `%s makes signals or a coded refusal of ${inputs} damaged reports`,
      async (reader) => {
        const result = await worker.run({ seed, reader, from: 0, count: inputs });

        results.push(result);
        expect(result.failures.map(describeFailure).join('\n')).toBe('');
        expect(result.inputs).toBe(inputs);
        expect(result.outcomes['read']).toBeGreaterThan(0);
      },
      120_000,
    );

    test('all of it takes little memory', () => {
      expect(worker.peakMegabytes).toBeLessThan(memoryLimit);
    });
  });
}
