import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { AqeError } from '../error/aqe-error.ts';
import { parseSidecar, type Sidecar } from './sidecar.ts';

const digest = 'ab'.repeat(32);
const sidecar: Sidecar = {
  schemaVersion: 1,
  commit: 'c'.repeat(40),
  sources: { sha256: digest, except: ['reports'] },
  artifact: 'sha256:1234',
  producer: 'ci',
  stampedAt: '2026-03-01T12:00:00Z',
  files: [{ path: 'junit/a.xml', sha256: digest, bytes: 10, format: 'junit' }],
};
const [file] = sidecar.files;

const parse = (value: unknown): Sidecar => parseSidecar('aqe-evidence.json', JSON.stringify(value));

function problemOf(text: string): string {
  try {
    parseSidecar('aqe-evidence.json', text);
  } catch (error) {
    if (error instanceof AqeError && error.code === 'AQE2010') return error.detail;
    throw error;
  }
  return 'accepted';
}

test('a sidecar reads back as it was written, without what it does not know', () => {
  expect(parse({ ...sidecar, extra: 1 })).toEqual(sidecar);
});

test('commit, sources, artifact and format may be unknown', () => {
  const bare = { ...sidecar, commit: null, sources: null, artifact: null, files: [{ ...file, format: null }] };

  expect(parse(bare)).toEqual(bare);
});

test.each([
  ['it is not JSON', '{'],
  ['it is not an object', '[]'],
  ['its schemaVersion is not 1', JSON.stringify({ ...sidecar, schemaVersion: 2 })],
  ['commit is not valid', JSON.stringify({ ...sidecar, commit: 'HEAD' })],
  ['sources is not an object', JSON.stringify({ ...sidecar, sources: digest })],
  ['sources.sha256 is not valid', JSON.stringify({ ...sidecar, sources: { sha256: 'x', except: [] } })],
  ['sources.except is not valid', JSON.stringify({ ...sidecar, sources: { sha256: digest, except: ['../x'] } })],
  ['producer is not valid', JSON.stringify({ ...sidecar, producer: '' })],
  ['stampedAt is not valid', JSON.stringify({ ...sidecar, stampedAt: 'today' })],
  ['stampedAt is not a time', JSON.stringify({ ...sidecar, stampedAt: '2026-13-01T00:00:00Z' })],
  ['files is not a list', JSON.stringify({ ...sidecar, files: {} })],
  ['an entry of files is not an object', JSON.stringify({ ...sidecar, files: [null] })],
  ['files.bytes is not valid', JSON.stringify({ ...sidecar, files: [{ ...file, bytes: -1 }] })],
  ['files.sha256 is not valid', JSON.stringify({ ...sidecar, files: [{ ...file, sha256: 'AB' }] })],
  ['files.format is not valid', JSON.stringify({ ...sidecar, files: [{ ...file, format: 'JUnit!' }] })],
])('refused: %s', (problem, text) => {
  expect(problemOf(text)).toBe(problem);
});

test.each(['', '/etc/passwd', '../a', 'a/../b', './a', 'a//b', 'a/', 'a\\b', 'a\u0000b', 'a\nb', '..'])(
  'a path that leaves the folder or is not plain is refused: %j',
  (path) => {
    expect(problemOf(JSON.stringify({ ...sidecar, files: [{ ...file, path }] }))).toBe('files.path is not valid');
  },
);

test('any text is either a sidecar or refused with one code', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((files) => JSON.stringify({ ...sidecar, files })),
  );
  fc.assert(
    fc.property(text, (any) => {
      expect(problemOf(any)).toEqual(expect.any(String));
    }),
    runs,
  );
});
