import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AqeError } from '../core/error/aqe-error.ts';
import { inferService, locate, readConfigText } from './locate.ts';

let root = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'locate-')));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function folder(...names: readonly string[]): string {
  const path = join(root, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

function file(path: string, text = ''): string {
  writeFileSync(path, text);
  return path;
}

function codeOf(work: () => unknown): string | null {
  try {
    work();
  } catch (error) {
    if (error instanceof AqeError) return error.code;
    throw error;
  }
  return null;
}

test('the nearest config upward names the project', () => {
  folder('.git');
  file(join(root, 'aqe-deploy.yaml'));
  const config = file(join(folder('packages', 'one'), 'aqe-deploy.yaml'));

  const found = locate({ cwd: folder('packages', 'one', 'src') });

  expect(found).toEqual({ project: join(root, 'packages', 'one'), config });
});

test('without a config the project is the root of the repository', () => {
  folder('.git');

  expect(locate({ cwd: folder('a', 'b') })).toEqual({ project: root, config: null });
});

test('a config above the repository does not count', () => {
  file(join(root, 'aqe-deploy.yaml'));
  const repository = folder('repository');
  folder('repository', '.git');

  expect(locate({ cwd: folder('repository', 'src') })).toEqual({ project: repository, config: null });
});

test('a project that was asked for is the project, whatever lies above it', () => {
  folder('.git');
  const config = file(join(root, 'aqe-deploy.yaml'));
  const inner = folder('inner');

  expect(locate({ cwd: root, project: 'inner' })).toEqual({ project: inner, config });
});

test('a config that was asked for is taken from the current folder and need not exist yet', () => {
  folder('.git');
  const cwd = folder('a');

  expect(locate({ cwd, config: 'other.yaml' })).toEqual({ project: root, config: join(cwd, 'other.yaml') });
});

test('links to the project are followed', () => {
  const real = folder('real');
  folder('real', '.git');
  symlinkSync(real, join(root, 'link'));

  expect(locate({ cwd: join(root, 'link') }).project).toBe(real);
});

test('a project that is not there or is a file is refused', () => {
  file(join(root, 'file'));

  expect(codeOf(() => locate({ cwd: root, project: 'nowhere' }))).toBe('AQE1008');
  expect(codeOf(() => locate({ cwd: root, project: 'file' }))).toBe('AQE1008');
});

test('a config is read as text, and one that is no file or not there is refused', () => {
  const config = file(join(root, 'aqe-deploy.yaml'), 'mode: shadow\n');

  expect(readConfigText(config)).toBe('mode: shadow\n');
  expect(codeOf(() => readConfigText(root))).toBe('AQE1005');
  expect(codeOf(() => readConfigText(join(root, 'nowhere.yaml')))).toBe('AQE1005');
});

test.each([
  ['{"name":"@shop/till"}', '@shop/till'],
  ['{"name":""}', 'till'],
  ['{"name":7}', 'till'],
  ['null', 'till'],
  ['{', 'till'],
])('a package.json of %j names the service %s', (text, name) => {
  const project = folder('till');
  file(join(project, 'package.json'), text);

  expect(inferService(project)).toBe(name);
});

test('without a package.json the folder names the service', () => {
  expect([inferService(folder('till')), inferService('/')]).toEqual(['till', 'service']);
});
