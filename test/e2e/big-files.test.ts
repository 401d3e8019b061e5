import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aqe, json } from '../support/cli.ts';

interface View {
  readonly evidence: readonly {
    readonly path: string;
    readonly state: string;
    readonly code: string | null;
    readonly reason: string;
    readonly sha256: string | null;
    readonly signals: readonly { readonly metric: string; readonly value: number }[];
  }[];
}

let folder = '';
const tests = 150_000;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqe-big-'));
  const file = openSync(join(folder, 'junit-big.xml'), 'w');
  writeSync(file, '<testsuites><testsuite name="all">\n');
  for (let from = 0; from < tests; from += 1000) {
    const cases = Array.from(
      { length: 1000 },
      (_, at) => `<testcase classname="suite.number${from}" name="case number ${from + at}"/>\n`,
    );
    writeSync(file, cases.join(''));
  }
  writeSync(file, '<testcase name="bad"><failure message="no"/></testcase></testsuite></testsuites>');
  closeSync(file);
  // Twenty of a megabyte: together they are worth a thread too.
  for (let number = 0; number < 20; number += 1) {
    const lines = Array.from({ length: 100_000 }, (_, at) => `DA:${at + 1},${at % 2}`);
    writeFileSync(join(folder, `part-${number}.lcov`), `TN:\nSF:src/${number}.c\n${lines.join('\n')}\nend_of_record\n`);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test(
  'big files and many files are read in threads, with the counts, digests and limits of small ones',
  { timeout: 60_000 },
  async () => {
    const read = await aqe(folder, ['deploy', 'evidence', '--format', 'json']);
    writeFileSync(join(folder, 'aqe-deploy.yaml'), 'evidence:\n  limits:\n    max_items: 1000\n');
    const limited = await aqe(folder, ['deploy', 'evidence', 'junit-big.xml', '--format', 'json']);

    const { evidence } = json<View>(read);
    const junit = evidence.find(({ path }) => path === 'junit-big.xml')!;
    expect(evidence.map(({ state }) => state)).toEqual(evidence.map(() => 'measured'));
    expect(evidence).toHaveLength(21);
    expect(junit.signals).toContainEqual(expect.objectContaining({ metric: 'executed_tests', value: tests + 1 }));
    expect(junit.signals).toContainEqual(expect.objectContaining({ metric: 'failed_tests', value: 1 }));
    expect(evidence.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256 ?? ''))).toEqual([]);
    expect(new Set(evidence.map(({ sha256 }) => sha256)).size).toBe(21);
    expect(json<View>(limited).evidence[0]).toMatchObject({
      state: 'unreadable',
      code: 'AQE2005',
      reason: expect.stringContaining('max_items'),
      sha256: junit.sha256,
    });
  },
);
