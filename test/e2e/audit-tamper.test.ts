import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditFault } from '../../src/app/verify-audit.ts';
import { readEntry } from '../../src/core/audit/chain.ts';
import { auditedFolder, type AuditedFolder } from '../support/audited.ts';
import { chanceOf, entriesIn, mutations } from '../support/audit-mutations.ts';
import { approvalOf, assessmentOf, attestationOf, debtOf, eventOf, messageOf } from '../support/stored-records.ts';

const commits = 24;
const rounds = 500;

let place: AuditedFolder;
let good: string;
/** Copies of the database as it was after each commit. */
const older: string[] = [];

beforeAll(async () => {
  place = auditedFolder();
  for (let i = 0; i < commits; i += 1) {
    const records = [
      { assessments: [assessmentOf(`a${i}`)], debts: [debtOf(`d${i}`), debtOf(`d${i}b`)] },
      { approvals: [approvalOf(`p${i}`)], messages: [messageOf(`m${i}`)] },
      { attestations: [attestationOf(`t${i}`)] },
      {},
    ][i % 4]!;
    await place.withStore((store) => store.commit(records, [eventOf(`e${i}`), eventOf(`f${i}`)]));
    older.push(copyFileTo(join(place.folder, `copy-${i}.db`)));
  }
  good = older.pop()!;
});

afterAll(() => place.remove());

function copyFileTo(path: string): string {
  copyFileSync(place.file, path);
  return path;
}

test(`${rounds} random changes of the log are all found, and an untouched log is whole`, async () => {
  const names = [...Object.keys(mutations), 'an older copy of the database'];
  const kinds = new Map<string, number>();
  const unnoticed: string[] = [];
  let falseAlarms = 0;

  for (let seed = 0; seed < rounds; seed += 1) {
    const chance = chanceOf(seed);
    const name = names[seed % names.length]!;
    const mutate = mutations[name];
    if (mutate === undefined) place.restore(chance.pick(older));
    else {
      place.restore(good);
      place.tamper((db) => mutate(db, chance));
    }
    const { whole } = await place.verify();
    if (whole) unnoticed.push(`seed ${seed}: ${name}`);
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
    if (seed % 20 === 0) {
      place.restore(good);
      falseAlarms += (await place.verify()).faults.length;
    }
  }
  process.stdout.write(
    `tamper test: ${rounds - unnoticed.length} of ${rounds} changes of ${kinds.size} kinds found, ${falseAlarms} false alarms in ${rounds / 20} checks of the untouched log\n`,
  );

  expect(unnoticed).toEqual([]);
  expect(falseAlarms).toBe(0);
}, 60_000);

test('a log that was never tampered with is whole at any length', async () => {
  const checkpoints = (await place.audit.checkpoints.read()).length;

  for (const [index, copy] of [...older, good].entries()) {
    place.restore(copy);
    const asOfThen = { ...place.audit, checkpoints: cutAfter(index + 1) };
    expect(await place.verify({ audit: asOfThen })).toMatchObject({ whole: true, faults: [], notices: [] });
  }

  expect(checkpoints).toBe(commits);
});

test('bytes changed in the file are found', async () => {
  const bytes = readFileSync(good);
  place.restore(good);
  const hashes: string[] = [];
  place.tamper((db) => void hashes.push(...entriesIn(db).map(({ hash }) => hash)));

  for (let seed = 0; seed < 40; seed += 1) {
    const chance = chanceOf(seed);
    const hash = chance.pick(hashes);
    const at = chance.below(64);
    const other = hash[at] === 'a' ? 'b' : 'a';
    // Wherever it stands: a page may hold what it held before as well.
    const text = bytes.toString('latin1').replaceAll(hash, hash.slice(0, at) + other + hash.slice(at + 1));
    place.restore(good);
    writeFileSync(place.file, text, 'latin1');

    expect((await place.verify()).whole, `seed ${seed}`).toBe(false);
  }
});

test('without checkpoints a log that was cut short with its records looks like one that is young', async () => {
  const none = { ...place.audit, checkpoints: cutAfter(0) };
  const kinds = (faults: readonly AuditFault[]): readonly string[] => faults.map(({ kind }) => kind);
  place.restore(good);

  const before = await place.verify({ audit: none });
  place.tamper((db) => {
    const last = entriesIn(db).slice(-6);
    for (const entry of last) {
      for (const { table, id } of readEntry(entry)!.rows) db.prepare(`delete from ${table} where id = ?`).run(id);
      db.prepare('delete from audit where seq = ?').run(entry.seq);
    }
  });
  const after = await place.verify({ audit: none });
  const [witness] = (await place.audit.checkpoints.read()).slice(-1);
  const withWitness = await place.verify({ audit: none, given: witness! });

  expect([before.entries, after.entries]).toEqual([commits * 2, commits * 2 - 6]);
  expect([kinds(before.faults), kinds(after.faults)]).toEqual([['uncovered'], ['uncovered']]);
  expect(kinds(withWitness.faults)).toEqual(['checkpoint', 'uncovered']);
  expect(withWitness.faults[0]?.detail).toMatch(
    /^the log ends with entry 42, but had an entry 48 at .*: it was cut short/,
  );
});

function cutAfter(count: number): AuditedFolder['audit']['checkpoints'] {
  const { checkpoints } = place.audit;
  return { append: checkpoints.append, read: async () => (await checkpoints.read()).slice(0, count) };
}
