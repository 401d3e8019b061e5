import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test as base } from 'vitest';
import { AqeError } from '../../core/error/aqe-error.ts';
import { localFiles } from './local-files.ts';
import { hasControl } from './path-text.ts';

const secret = 'the text of a file outside';
const limits = { maxBytes: 1000, maxFiles: 10 };

/** A project with one report, beside a folder that it must not reach. */
const test = base.extend<{ top: string; root: string }>({
  // oxlint-disable-next-line no-empty-pattern -- fixtures must take their context apart
  top: async ({}, use) => {
    const top = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'aqe-open-')));
    fs.mkdirSync(join(top, 'project/reports'), { recursive: true });
    fs.mkdirSync(join(top, 'project-outside'));
    fs.writeFileSync(join(top, 'project/reports/a.xml'), 'inside');
    fs.writeFileSync(join(top, 'project-outside/a.xml'), secret);
    await use(top);
    fs.rmSync(top, { recursive: true });
  },
  root: async ({ top }, use) => use(join(top, 'project')),
});

test.for([
  ['reports/a.xml', 'reports/a.xml'],
  ['./reports//a.xml', 'reports/a.xml'],
  ['ROOT/reports/a.xml', 'reports/a.xml'],
  ['ROOT/reports/./a.xml', 'reports/a.xml'],
  ['link.xml', 'link.xml'],
  ['folder/a.xml', 'folder/a.xml'],
  ['NAMED/reports/a.xml', 'reports/a.xml'],
  ['..a/b..xml', '..a/b..xml'],
] as const)('%s is opened as %s', async ([path, shown], { root, top }) => {
  fs.symlinkSync('reports/a.xml', join(root, 'link.xml'));
  fs.symlinkSync(join(root, 'reports'), join(root, 'folder'));
  fs.symlinkSync('project', join(top, 'named'));
  fs.mkdirSync(join(root, '..a'));
  fs.writeFileSync(join(root, '..a/b..xml'), 'inside');
  const files = localFiles(path.startsWith('NAMED') ? join(top, 'named') : root, []);

  const reading = await files.read(path.replace('ROOT', root).replace('NAMED', join(top, 'named')), { limits });

  expect(reading).toMatchObject({ path: shown, bytes: 6, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test.for([
  ['a path that climbs', '../project-outside/a.xml', '..'],
  ['a path that climbs within', 'reports/../reports/a.xml', '..'],
  ['a path that climbs by the root', 'ROOT/../project-outside/a.xml', '..'],
  ['an absolute path outside', 'TOP/project-outside/a.xml', 'outside'],
  ['a folder whose name starts like the project', 'TOP/project-outside', 'outside'],
  ['a device', '/dev/zero', 'outside'],
  ['the project', 'ROOT', 'names no file'],
  ['an empty path', '', 'names no file'],
  ['a dot', '.', 'names no file'],
  ['a zero byte', 'reports/a.xml\0.txt', 'control'],
  ['a colour', 'reports/\u001b[31ma.xml', 'control'],
  ['a line break', 'reports/a\n.xml', 'control'],
  ['a mark for right to left', 'reports/a\u202elmx.xml', 'control'],
  ['a name longer than the system takes', `${'x'.repeat(300)}.xml`, 'ENAMETOOLONG'],
  ['a folder', 'reports', 'not a regular file'],
  ['a folder named like a report', 'report.xml', 'not a regular file'],
  ['a file with a slash behind', 'fifo/', 'not a regular file'],
  ['a file as a folder', 'reports/a.xml/b.xml', 'no such file'],
  ['nothing', 'reports/b.xml', 'no such file'],
  ['a pipe', 'fifo', 'not a regular file'],
  ['a socket', 'socket', 'not a regular file'],
  ['a link to a pipe', 'to-fifo', 'not a regular file'],
  ['a link to a device', 'to-zero', 'leads out'],
  ['a link out', 'out.xml', 'leads out'],
  ['a link out, absolute', 'out-absolute.xml', 'leads out'],
  ['a link to a link out', 'out-twice.xml', 'leads out'],
  ['a file below a link out', 'outside/a.xml', 'leads out'],
  ['a link to a folder', 'to-folder', 'not a regular file'],
  ['a link to nothing', 'dangling', 'link to nothing'],
  ['a link to itself', 'loop', 'leads to itself'],
  ['a file of the kernel by a link', 'self', 'leads out'],
] as const)('%s is refused by every way to read', async ([, path, detail], { root, top }) => {
  fs.mkdirSync(join(root, 'report.xml'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const links = [
    ['to-fifo', 'fifo'],
    ['to-zero', '/dev/zero'],
    ['out.xml', '../project-outside/a.xml'],
    ['out-absolute.xml', join(top, 'project-outside/a.xml')],
    ['out-twice.xml', 'out.xml'],
    ['outside', '../project-outside'],
    ['to-folder', 'reports'],
    ['dangling', 'nothing'],
    ['loop', 'loop'],
    ['self', '/proc/self/environ'],
  ] as const;
  for (const [name, target] of links) fs.symlinkSync(target, join(root, name));
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(root, 'socket'), done));
  const files = localFiles(root, []);
  const asked = path.replace('ROOT', root).replace('TOP', top);

  const reading = await files.read(asked, { limits });
  const digest = await files.digest(asked, limits).catch((error: unknown) => error);
  const text = await files.text(asked, 1000).catch((error: unknown) => error);

  server.close();
  const error = expect.objectContaining({ code: 'AQE2008', detail: expect.stringContaining(detail) });
  expect(reading).toMatchObject({ outcome: 'refused', sha256: null, bytes: null, modifiedAt: null, error });
  expect(digest).toEqual(error);
  expect(text).toEqual(detail === 'no such file' ? null : error);
  expect(hasControl(reading.path + String(digest) + String(text))).toBe(false);
  expect(JSON.stringify([reading, digest, text])).not.toContain(secret);
});

test('the path in a refusal is shown with its control characters escaped', async ({ root }) => {
  const reading = await localFiles(root, []).read('a\u001b[2J\n.xml', { limits });

  expect(reading.path).toBe('a\\u001b[2J\\u000a.xml');
  expect(reading).toMatchObject({ error: { context: { path: 'a\\u001b[2J\\u000a.xml' } } });
});

test.skipIf(process.getuid?.() === 0)(
  'a file without permission is refused (not run as root, who may read all)',
  async ({ root }) => {
    fs.chmodSync(join(root, 'reports/a.xml'), 0);

    const reading = await localFiles(root, []).read('reports/a.xml', { limits });

    expect(reading).toMatchObject({ error: { code: 'AQE2008', detail: expect.stringContaining('permission') } });
  },
);

test('a folder that is swapped for a link out, again and again, never gives a file outside', async ({ root }) => {
  const files = localFiles(root, []);
  fs.symlinkSync('../project-outside', join(root, 'evil'));
  let running = true;
  const swapping = (async () => {
    while (running) {
      fs.renameSync(join(root, 'reports'), join(root, 'kept'));
      fs.renameSync(join(root, 'evil'), join(root, 'reports'));
      await setImmediate();
      fs.renameSync(join(root, 'reports'), join(root, 'evil'));
      fs.renameSync(join(root, 'kept'), join(root, 'reports'));
      await setImmediate();
    }
  })();

  const answers: unknown[] = [];
  for (let round = 0; round < 500; round += 1) {
    answers.push(await files.text('reports/a.xml', 1000).catch((error: unknown) => error));
  }
  running = false;
  await swapping;

  const kinds = answers.map((answer) => (answer instanceof AqeError ? answer.code : answer));
  expect(kinds).toContain('inside');
  expect(kinds).toContain('AQE2008');
  // Null: for a moment, between two renames, nothing lies there.
  expect(kinds.filter((kind) => kind !== 'inside' && kind !== 'AQE2008' && kind !== null)).toEqual([]);
});

test('the digest is of the bytes as they lie on disk', async ({ root }) => {
  fs.utimesSync(join(root, 'reports/a.xml'), 1_700_000_000, 1_700_000_000);

  const digest = await localFiles(root, []).digest('reports/a.xml', limits);

  expect(digest).toEqual({
    sha256: '106b086224a4d945eae25f7be3805a931a873270326dd868b0e41f71ee9fff72',
    bytes: 6,
    modifiedAt: '2023-11-14T22:13:20.000Z',
  });
});

test('the limit of bytes holds for digests and texts, and is inclusive', async ({ root }) => {
  const files = localFiles(root, []);

  const under = await files.text('reports/a.xml', 6);

  expect(under).toBe('inside');
  await expect(files.text('reports/a.xml', 5)).rejects.toMatchObject({ code: 'AQE2005' });
  await expect(files.digest('reports/a.xml', { maxBytes: 5, maxFiles: 1 })).rejects.toMatchObject({ code: 'AQE2005' });
});
