import { expect, test } from 'vitest';
import { isLockFile, isSourceFile } from './file-kinds.ts';

test.each(['package-lock.json', 'services/api/Cargo.lock', 'go.sum', 'Gemfile.lock'])(
  '%s is a lock file and no source',
  (path) => {
    expect(isLockFile(path)).toBe(true);
    expect(isSourceFile(path)).toBe(false);
  },
);

test.each(['src/a.ts', 'A.JAVA', 'lib/x.test.mjs', 'db/001.sql'])('%s is source', (path) => {
  expect(isSourceFile(path)).toBe(true);
  expect(isLockFile(path)).toBe(false);
});

test.each(['reports/eslint.json', 'README.md', 'dist/app.min.js', 'ts', 'Makefile', 'a.lock'])(
  '%s is neither source nor a known lock file',
  (path) => {
    expect(isSourceFile(path)).toBe(false);
    expect(isLockFile(path)).toBe(false);
  },
);
