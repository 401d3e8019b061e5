import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import { entryHash } from '../../src/core/audit/chain.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import { edits, swapped } from '../support/bundle-edits.ts';
import { readingOf, small, type Reading } from '../support/bundle-reading.ts';
import { archiveOf, bundleOf, edited, membersOf, type Edits, type Member } from '../support/bundles.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project } from '../support/project.ts';

let reading: Reading;
let members: readonly Member[];

beforeAll(async () => {
  reading = await readingOf();
  ({ members } = reading);
});
afterAll(() => {
  reading.end();
  removeTemporaryFolders();
});

describe('a bundle is refused, whatever its manifest says, with', () => {
  test.each(Object.entries(edits))('%s', async (_, change) => {
    const archive = edited(members, change);

    const result = await reading.read(archive);

    expect(reading.outcome(result)).toMatch(/^AQE305[013]$/);
    expect(result).toBeInstanceOf(AqeError);
  });
});

describe('with the key of the project, a bundle is refused', () => {
  const signed: Readonly<Record<string, Edits>> = {
    'without its statement': { 'decision.dsse.json': () => null },
    'with a statement that is none': { 'decision.dsse.json': () => '{}\n' },
    'with another signature': { 'decision.dsse.json': swapped(/"sig":"..../, '"sig":"AAAA') },
    'with a statement that has more in it': { 'decision.dsse.json': swapped('{"payloadType"', '{"x":1,"payloadType"') },
    'with other checkpoints as the statement': { 'decision.dsse.json': (of) => of.replace('in-toto', 'aqe') },
  };
  test.each(Object.entries(signed))('%s', async (_, change) => {
    const archive = edited(members, change);

    expect(reading.outcome(await reading.read(archive))).toBe('same');
    expect(reading.outcome(await reading.read(archive, reading.keys))).toBe('AQE3053');
  });

  test('that somebody made from other evidence, consistent in itself', async () => {
    // Another project with the same name, whose every part fits.
    const shop = project({ tests: { passed: 3 }, coverage: { lines: [10, 10], branches: [10, 10] }, mutants: [9, 10] });
    const { file } = await bundleOf(shop);
    const forged = await membersOf(readFileSync(file));
    const statement = members.find(({ name }) => name === 'decision.dsse.json')!;
    const archive = edited([...forged.filter(({ name }) => name !== statement.name), statement], {});

    const unchecked = await reading.read(archive);
    const checked = await reading.read(archive, reading.keys);

    expect(unchecked).not.toBeInstanceOf(AqeError);
    expect(checked).toMatchObject({ code: 'AQE3053' });
    expect((checked as AqeError).detail).toMatch(/what was signed is another decision/);
  });

  test('whose audit log is another one than its signed checkpoints know, consistent in itself', async () => {
    const shop = project(small);
    const { file } = await bundleOf(shop);
    const log = (await membersOf(readFileSync(file))).find(({ name }) => name === 'audit.jsonl')!;
    const own = members.find(({ name }) => name === 'audit.jsonl')!;
    const body = JSON.parse(Buffer.from(own.content).toString('utf8').trimEnd().split('\n').at(-1)!) as {
      body: string;
    };
    const entry = JSON.parse(Buffer.from(log.content).toString('utf8').trimEnd()) as { body: string; prev: string };
    const hash = entryHash(entry.prev, body.body, (of) => systemIdentity.sha256(of));
    const forged = `${JSON.stringify({ seq: 1, body: body.body, prev: entry.prev, hash })}\n`;
    const archive = edited(members, { 'audit.jsonl': () => forged });

    expect(reading.outcome(await reading.read(archive))).toBe('same');
    expect(await reading.read(archive, reading.keys)).toMatchObject({
      code: 'AQE3053',
      detail: expect.stringContaining('entry 1 of its audit log is another one'),
    });
  });
});

test('a text that is not UTF-8 is refused', async () => {
  const archive = archiveOf(
    members.map((each) => (each.name === 'approvals.json' ? { ...each, content: Buffer.from([0xff]) } : each)),
  );

  expect(reading.outcome(await reading.read(archive))).toBe('AQE3050');
});

test('a flipped byte of a member is found, also where the archive is made anew around it', async () => {
  const outcomes = new Set<string>();
  for (const { name, content } of members)
    for (let at = 0; at < 3; at += 1) {
      const copy = Buffer.from(content);
      if (copy.length === 0) continue;
      copy[Math.floor((copy.length * at) / 3)]! ^= 1;
      outcomes.add(
        reading.outcome(
          await reading.read(archiveOf(members.map((each) => (each.name === name ? { name, content: copy } : each)))),
        ),
      );
    }

  expect([...outcomes].filter((each) => !/^AQE305[013]$/.test(each))).toEqual([]);
}, 20_000);

test('nothing is left behind', () => {
  expect(reading.left()).toEqual([]);
});
