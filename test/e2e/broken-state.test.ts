import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { aqe, aqeWith, databaseOf, privateMounts, shell, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const assess = ({ root }: Project): Promise<CliResult> => aqe(root, ['deploy', 'assess', '--version', 'v2.5.0']);

async function kept(file: string): Promise<{ readonly assessments: number; readonly faults: readonly string[] }> {
  const store = await openSqliteStore(file);
  const assessments = (await store.find('assessments', { service: 'shop' })).length;
  const faults = await store.check();
  await store.close();
  return { assessments, faults };
}

describe('a database that is none', () => {
  test.each([
    ['a text file', Buffer.from('not a database\n'.repeat(200))],
    ['an HTML page', Buffer.from('<html>502</html>')],
    ['a database that was cut short', null],
  ])('(%s) is AQE6002, 2, and is left as it is', async (_, content) => {
    const shop = project();
    await assess(shop);
    const file = databaseOf(shop.root);
    const bytes = content ?? readFileSync(file).subarray(0, 5000);
    for (const more of ['-wal', '-shm']) writeFileSync(file + more, '');
    writeFileSync(file, bytes);

    const result = await assess(shop);
    const doctor = await aqe(shop.root, ['doctor']);

    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain('error AQE6002: State database is damaged');
    expect(result.err.match(/^error/gm)).toHaveLength(1);
    expect(doctor.code).toBe(2);
    expect(doctor.out).toContain('AQE6002');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('(a folder) is AQE6001 and 2', async () => {
    const shop = project();
    mkdirSync(databaseOf(shop.root), { recursive: true });

    const { code, out, err } = await assess(shop);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/error AQE600[12]: /);
  });

  test('(a file in place of .agentic-qe) is AQE6001 and 2', async () => {
    const shop = project();
    writeFileSync(dirname(databaseOf(shop.root)), 'mine');

    const { code, out, err } = await assess(shop);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/error AQE6001: /);
  });

  test('keeps evidence and config readable: they need no database', async () => {
    const shop = project();
    mkdirSync(dirname(databaseOf(shop.root)), { recursive: true });
    writeFileSync(databaseOf(shop.root), 'not a database');

    const evidence = await aqe(shop.root, ['deploy', 'evidence']);
    const config = await aqe(shop.root, ['deploy', 'config', 'print']);

    expect([evidence.code, config.code]).toEqual([0, 0]);
  });
});

test('a database that another process holds is AQE6003 and 2, and what it holds stays', async () => {
  const shop = project();
  await assess(shop);
  const file = databaseOf(shop.root);
  const script = `const db = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
    db.exec('pragma locking_mode = exclusive; begin exclusive; create table t (a)');
    console.log('held'); process.stdin.resume().on('end', () => process.exit());`;
  const holder = spawn(process.execPath, ['-e', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');

  const store = await openSqliteStore(file, { busyTimeout: 200 });
  const result = await aqeWith({ store }, shop.root, ['assess', '--version', 'v2.5.0']);
  const ended = once(holder, 'close');
  holder.stdin.end();
  await ended;

  expect(result).toMatchObject({ code: 2, out: '' });
  expect(result.err).toContain('error AQE6003: State database is locked by another process');
  expect(await kept(file)).toEqual({ assessments: 1, faults: [] });
});

test('two assessments at once are both kept', async () => {
  const shop = project();

  const results = await Promise.all([assess(shop), assess(shop), assess(shop)]);

  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await kept(databaseOf(shop.root))).toEqual({ assessments: 3, faults: [] });
});

describe.skipIf(privateMounts === null)('on a disk (needs mounts of its own)', () => {
  const mounted = (shop: Project, line: string): CliResult => shell(privateMounts ?? [], shop.root, line);
  const readOnly = 'mount --bind . . && mount -o remount,ro,bind . && cd "$PWD"';

  test('that is read-only assess is one clear error and 2, with --dry-run it works', () => {
    const shop = project();

    const kept = mounted(shop, `${readOnly}; aqe deploy assess --version v2.5.0`);
    const dry = mounted(shop, `${readOnly}; aqe deploy assess --version v2.5.0 --dry-run`);

    expect(kept).toMatchObject({ code: 2, out: '' });
    // The key that signs decisions is the first thing that has to be made.
    expect(kept.err).toMatch(/^error AQE(?:6001: State database cannot be opened|3010: Key file cannot be used)/m);
    expect(kept.err.match(/^error|^internal error/gm)).toHaveLength(1);
    expect(dry.code).toBe(0);
  });

  test('that is read-only a file cannot be written, and the error says which', () => {
    const shop = project({ config: null });

    const report = mounted(shop, `${readOnly}; aqe deploy report --version v1 --output report.md`);
    const init = mounted(shop, `${readOnly}; aqe init --yes`);

    for (const { code, out, err } of [report, init]) {
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/error AQE1007: .*EROFS/);
    }
    expect(report.err).toContain('report.md');
  });

  test('that is full assess is 2, and what was kept before stays whole', async () => {
    const shop = project();
    await assess(shop);
    const full = `mkdir /tmp/aqe-kept.$$ && cp .agentic-qe/deploy.db /tmp/aqe-kept.$$/ &&
      mount -t tmpfs -o size=400k none .agentic-qe && cp /tmp/aqe-kept.$$/deploy.db .agentic-qe/ && rm -r /tmp/aqe-kept.$$
      cat /dev/zero >.agentic-qe/ballast 2>/dev/null
      aqe deploy assess --version v2.5.0 >out.txt 2>err.txt; echo $?
      rm .agentic-qe/ballast; cp .agentic-qe/deploy.db* .`;

    const { out } = mounted(shop, full);

    const said = readFileSync(join(shop.root, 'err.txt'), 'utf8');
    expect(out).toBe('2\n');
    expect(readFileSync(join(shop.root, 'out.txt'), 'utf8')).toBe('');
    expect(said).toMatch(/error AQE600[15]: /);
    expect(said).not.toContain('internal error');
    expect(await kept(join(shop.root, 'deploy.db'))).toEqual({ assessments: 1, faults: [] });
  });

  test('that is full --output is AQE1007, and the old file stays', () => {
    const shop = project();
    shop.write('out/report.md', 'old');
    const full = `mount -t tmpfs -o size=16k none out; echo old >out/report.md; cat /dev/zero >out/ballast 2>/dev/null
      aqe deploy report --version v2.5.0 --output out/report.md; echo $?; cat out/report.md; ls out`;

    const { out, err } = mounted(shop, full);

    expect(out).toBe('2\nold\nballast\nreport.md\n');
    expect(err).toContain('error AQE1007');
    expect(err).toContain('ENOSPC');
  });
});

test.skipIf(process.getuid?.() === 0)(
  'a folder without permission to write (not for root) is one clear error',
  async () => {
    const shop = project();
    chmodSync(shop.root, 0o555);

    const { code, err } = await assess(shop);
    chmodSync(shop.root, 0o755);

    expect(code).toBe(2);
    expect(err).toContain('AQE6001');
  },
);
