import { expect, test } from 'vitest';
import { isChangelog, namesVersion } from './changelog.ts';

test.each(['CHANGELOG.md', 'changelog', 'CHANGES.rst', 'History.txt', 'CHANGELOG-2.x.md', 'CHANGELOG-2.0'])(
  '%s is a changelog',
  (path) => {
    expect(isChangelog(path)).toBe(true);
  },
);

test.each(['history.ts', 'docs/CHANGELOG.md', 'changelogs.md', 'changes.json', 'README.md'])(
  '%s is not a changelog',
  (path) => {
    expect(isChangelog(path)).toBe(false);
  },
);

test.each([
  '## 1.2.0',
  '## [v1.2.0] - 2026-01-01',
  'Version 1.2.0.',
  '1.2.0: x',
  'pkg@1.2.0',
  'see 1.2.0-rc.1 and 1.2.0',
  'V1.2.0',
])('%j names version v1.2.0', (line) => {
  expect(namesVersion(line, 'v1.2.0')).toBe(true);
  expect(namesVersion(line, '1.2.0')).toBe(true);
});

test.each(['', '1.2.0-rc.1', '11.2.0', '1.2.0.1', '1.2.01', '0.1.2.0', 'rev1.2.0', '1.2.0+build', '1x2x0'])(
  '%j does not name version 1.2.0',
  (line) => {
    expect(namesVersion(line, '1.2.0')).toBe(false);
  },
);

test('an empty version is named nowhere', () => {
  expect(['', 'v'].map((version) => namesVersion('v 1', version))).toEqual([false, true]);
});
