import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assessmentOf, debtOf, eventOf } from '../../../../test/support/stored-records.ts';
import { openSqliteStore } from './open.ts';

const writer = fileURLToPath(new URL('../../../../test/support/store-writer.ts', import.meta.url));

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqe-faults-'));
  file = join(folder, 'deploy.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Held {
  readonly assessments: readonly string[];
  readonly debts: readonly string[];
  readonly faults: readonly string[];
}

async function linesOf(
  child: ChildProcess,
  each: (line: string) => void = () => undefined,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const ended = once(child, 'close');
  if (child.stdout === null) throw new Error('the child has no stdout');
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    each(line);
  });
  await ended;
  return lines;
}

const startWriter = (prefix: string, count: number): ChildProcess =>
  spawn(process.execPath, [writer, file, prefix, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });

const isId = (line: string): boolean => /^[a-z]\d*_?\d+$/.test(line);

async function held(): Promise<Held> {
  const store = await openSqliteStore(file);
  const assessments = (await store.find('assessments', { service: 'shop' })).map(({ id }) => id);
  const debts = (await store.find('debts', { service: 'shop' })).map(({ version }) => version);
  const faults = await store.check();
  await store.close();
  return { assessments, debts, faults };
}

/** Every assessment has its two debts. */
const twice = (ids: readonly string[]): readonly string[] => ids.flatMap((id) => [id, id]);

test('a writer killed in the middle loses no row that it was told is saved, and leaves no half of one', async () => {
  const acknowledged: string[] = [];

  for (let round = 0; round < 20; round++) {
    const child = startWriter(`k${round}_`, 100_000);
    const lines = await linesOf(child, (line) => {
      if (line === `k${round}_${round * 2}`) child.kill('SIGKILL');
    });
    acknowledged.push(...lines);
  }
  const { assessments, debts, faults } = await held();

  expect(acknowledged.length).toBeGreaterThanOrEqual(20 * 20);
  expect(acknowledged.every(isId)).toBe(true);
  expect(assessments).toEqual(expect.arrayContaining(acknowledged));
  expect(debts).toEqual(twice(assessments));
  expect(faults).toEqual([]);
}, 60_000);

test('two processes that make the database and write at the same time lose nothing', async () => {
  const outputs = await Promise.all([linesOf(startWriter('x', 200)), linesOf(startWriter('y', 200))]);
  const { assessments, debts, faults } = await held();

  expect(outputs.map((lines) => lines.filter(isId).length)).toEqual([200, 200]);
  expect(assessments).toHaveLength(400);
  expect(debts).toHaveLength(800);
  expect(faults).toEqual([]);
}, 30_000);

describe('while another process holds the lock', () => {
  async function locked(statements: string, work: () => Promise<void>): Promise<void> {
    const script = `const db = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
      db.exec(process.argv[2]); console.log('held'); process.stdin.resume().on('end', () => process.exit());`;
    const child = spawn(process.execPath, ['-e', script, file, statements], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    try {
      await work();
    } finally {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    }
  }

  beforeEach(async () => {
    const store = await openSqliteStore(file);
    await store.commit({ assessments: [assessmentOf('a1')] }, [eventOf('e1')]);
    await store.close();
  });

  test.each(['begin immediate', 'begin exclusive'])(
    '%s: saving is AQE6003, reading works, and saving works after',
    async (begin) => {
      const store = await openSqliteStore(file, { busyTimeout: 100 });

      await locked(begin, async () => {
        const saving = store.commit({ assessments: [assessmentOf('a2')], debts: [debtOf('d2')] }, [eventOf('e2')]);

        await expect(saving).rejects.toMatchObject({ code: 'AQE6003', context: { path: file }, cause: { errcode: 5 } });
        expect(await store.find('assessments', { service: 'shop' })).toHaveLength(1);
      });
      await store.commit({ assessments: [assessmentOf('a2')], debts: [debtOf('d2')] }, [eventOf('e2')]);
      await store.close();

      expect(await held()).toEqual({ assessments: ['a1', 'a2'], debts: ['v2.5.0'], faults: [] });
    },
  );

  test('a lock on the whole file makes reading AQE6003 too', async () => {
    await locked('pragma locking_mode = exclusive; begin exclusive; create table t (a)', async () => {
      const store = await openSqliteStore(file, { busyTimeout: 100 });

      const outcomes = await Promise.allSettled([
        store.find('assessments', { service: 'shop' }),
        store.commit({ assessments: [assessmentOf('a2')] }, [eventOf('e2')]),
        store.check(),
      ]);
      await store.close();

      expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual(
        Array.from({ length: 3 }, () => 'AQE6003'),
      );
    });
  });

  test('a save waits for the lock, holds up no reader, and succeeds when the lock is released in time', async () => {
    const store = await openSqliteStore(file);
    let saving: Promise<unknown> | undefined;

    await locked('begin immediate', async () => {
      saving = store.commit({ assessments: [assessmentOf('a2')] }, [eventOf('e2')]);
      await store.find('assessments', { service: 'nobody' });
    });
    await saving;
    await store.close();

    expect((await held()).assessments).toEqual(['a1', 'a2']);
  });
});

describe('a disk that takes no more', () => {
  /** Runs a shell line in which `$0` is node, `$1` the writer, `$2` the folder. */
  function run(command: readonly string[], line: string): readonly string[] {
    const [program = '', ...args] = [...command, 'sh', '-ec', line, process.execPath, writer, folder];
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.trimEnd().split('\n');
  }

  /** A shell with mounts of its own, where the machine permits it. */
  const privateMounts = [
    ['unshare', '-m'],
    ['unshare', '-rm'],
  ].find(
    ([program = '', ...args]) => spawnSync(program, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0,
  );

  function expectNothingHalf(lines: readonly string[], code: string): void {
    const acknowledged = lines.filter(isId);
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(lines).toContain(code);
    const whole: Held = { assessments: acknowledged, debts: twice(acknowledged), faults: [] };
    expect(lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))).toEqual([whole, whole]);
  }

  test('a file that may not grow is AQE6005, and what was saved before stays whole', () => {
    const lines = run([], '(ulimit -f 2000; "$0" "$1" "$2/deploy.db" a 1000); "$0" "$1" "$2/deploy.db" b 0');

    expectNothingHalf(lines, 'AQE6005');
  });

  test.skipIf(privateMounts === undefined)('a full disk is AQE6005, and what was saved before stays whole', () => {
    const line = 'mount -t tmpfs -o size=600k none "$2"; "$0" "$1" "$2/deploy.db" a 1000; "$0" "$1" "$2/deploy.db" b 0';

    const lines = run(privateMounts ?? [], line);

    expectNothingHalf(lines, 'AQE6005');
  });

  test.skipIf(privateMounts === undefined)(
    'a disk that is full from the start is AQE6001 or AQE6005 and reads as empty',
    () => {
      const line =
        'mount -t tmpfs -o size=8k none "$2"; head -c 8192 /dev/zero >"$2/ballast"; "$0" "$1" "$2/x/deploy.db" a 1';

      const lines = run(privateMounts ?? [], line);

      expect(lines).toEqual([expect.stringMatching(/^AQE600[15]$/), '{"assessments":[],"debts":[],"faults":[]}']);
    },
  );

  test.skipIf(privateMounts === undefined)(
    'a read-only disk can be read; saving is AQE6005 there, AQE6001 without a file',
    async () => {
      const store = await openSqliteStore(file);
      const debts = [debtOf('d1', { version: 'a1' })];
      await store.commit({ assessments: [assessmentOf('a1')], debts }, [eventOf('e1')]);
      await store.close();
      const line = `mount --bind "$2" "$2"; mount -o remount,ro,bind "$2"
      "$0" "$1" "$2/deploy.db" b 0; "$0" "$1" "$2/deploy.db" b 1; "$0" "$1" "$2/none.db" b 1; "$0" "$1" "$2/none/x.db" b 1`;

      const lines = run(privateMounts ?? [], line);

      const whole = '{"assessments":["a1"],"debts":["a1"],"faults":[]}';
      const nothing = '{"assessments":[],"debts":[],"faults":[]}';
      expect(lines).toEqual([whole, 'AQE6005', whole, 'AQE6001', nothing, 'AQE6001', nothing]);
    },
  );
});
