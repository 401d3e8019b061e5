import { afterAll, describe, expect, test } from 'vitest';
import { fuzzProcess } from './fuzz-process.ts';
import { plantedBugs } from './planted.ts';
import { describeFailure } from './report.ts';

const worker = fuzzProcess();
afterAll(() => worker.stop());

/** Seconds for an answer of a reader that gives none. */
const tooLong = 3;

describe('the suite catches', () => {
  test.each(Object.entries(plantedBugs))(
    '%s',
    async (_, { reader, from, count, caughtBy, isEndless }) => {
      const asked = isEndless ? fuzzProcess(tooLong) : worker;

      const { failures } = await asked.run({ seed: 1, reader: reader.id, from, count });

      if (isEndless) asked.stop();
      expect(failures.map(({ problem }) => problem).join('\n')).toMatch(caughtBy);
      expect(describeFailure(failures[0]!)).toContain(
        `npm run fuzz -- --reader ${reader.id} --seed 1 --only ${failures[0]!.number}`,
      );
    },
    60_000,
  );
});

test('a failure is the same when its input is asked for alone, and its input is cut down', async () => {
  const { reader, from, count } = plantedBugs['a count that is not a number']!;
  const request = { seed: 1, reader: reader.id, from, count };
  const [failure] = (await worker.run(request)).failures;

  const again = await worker.run({ ...request, from: failure!.number, count: 1 });
  const smaller = await worker.reduce(failure!);

  expect(again.failures).toEqual([failure]);
  expect(smaller.length).toBeLessThan(failure!.bytes);
}, 60_000);
