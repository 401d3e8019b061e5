import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import { fixtureRoot, fixturesOf, present, readAll, readBytes } from '../support/reader-fixtures.ts';

test('every fixture folder belongs to a reader', () => {
  const folders = readdirSync(fixtureRoot);

  expect(folders.filter((name) => !signalReaders.some((reader) => reader.id === name))).toEqual([]);
});

describe.each(signalReaders.map((reader) => [reader.id, reader] as const))('%s', (id, reader) => {
  const fixtures = fixturesOf(id);

  test('has fixtures with a stated source', () => {
    expect(fixtures.length).toBeGreaterThan(0);
    expect(existsSync(join(fixtureRoot, id, 'SOURCE.md'))).toBe(true);
  });

  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('reads %s', async (_, fixture) => {
    const head = { path: fixture.path, text: fixture.text.slice(0, 65_536) };

    const claimedBy = signalReaders.filter((candidate) => candidate.detects(head)).map((candidate) => candidate.id);
    const reading = readAll(reader, fixture.path, fixture.text);

    expect(claimedBy).toEqual([id]);
    await expect(present(reading)).toMatchFileSnapshot(fixture.expectedFile);
  });

  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
    'reads %s the same in small pieces, and from bytes',
    (_, fixture) => {
      const whole = readAll(reader, fixture.path, fixture.text);
      const pieces = readAll(reader, fixture.path, fixture.text, 7);
      const bytes = [7, fixture.text.length || 1].map((size) => readBytes(reader, fixture.path, fixture.text, size));

      expect(present(pieces)).toBe(present(whole));
      for (const one of bytes) if (one !== undefined) expect(present(one)).toBe(present(whole));
    },
  );

  test('claims nothing that has no content or is an HTML page', () => {
    for (const text of ['', ' \n', '<!doctype html><html><body>502 Bad Gateway</body></html>']) {
      const session = reader.open({ path: 'x' });
      const refusal = (): unknown => (session.push(text), session.finish());

      expect(reader.detects({ path: 'report.bin', text })).toBe(false);
      expect(refusal).toThrow(expect.objectContaining({ code: expect.stringMatching(/^AQE2/) }));
    }
  });
});
