import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assessmentOf, debtOf, eventOf } from '../../../../test/support/stored-records.ts';
import type { Store } from '../../../ports/store.ts';
import { openSqliteStore } from './open.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqe-check-'));
  file = join(folder, 'deploy.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Opens, calls, closes. */
async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqliteStore(file);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const save = (id: string): Promise<unknown> =>
  withStore((store) => store.commit({ assessments: [assessmentOf(id)], debts: [debtOf(id)] }, [eventOf(`e-${id}`)]));

function shell(statements: string): void {
  const raw = new DatabaseSync(file);
  raw.exec(statements);
  raw.close();
}

describe('a record or an entry that is not of the program', () => {
  const unprotected = (table: string): string => `drop trigger ${table}_no_update; drop trigger ${table}_no_delete;`;

  test.each([
    [
      'a record that no entry names',
      `insert into debts select 9, 'x', service, version, gate, reason, createdAt, seal from debts limit 1`,
      /added past the audit log/,
    ],
    ['a record that is gone', `${unprotected('debts')} delete from debts`, /names is gone: a1/],
    ['a record of another number', `${unprotected('debts')} update debts set seq = 7 where id = 'a1'`, /another place/],
    [
      'a record before the first',
      `${unprotected('debts')} update debts set seq = -7, reason = 'x' where id = 'a2'`,
      /row -7 of debts is not as it was written/,
    ],
    ['an entry before the first', `insert into audit values (-3, 'x', '{}', '', '')`, /entry -3 stands where 1 should/],
    [
      'an entry of another event',
      `${unprotected('audit')} update audit set event = 'x' where seq = 1`,
      /entry 1 is filed under another event/,
    ],
    [
      'an entry that is gone',
      `${unprotected('audit')} delete from audit where seq = 1`,
      /entry 2 stands where 1 should/,
    ],
  ])('(%s) is found by check', async (_, statements, finding) => {
    await save('a1');
    await save('a2');
    const before = await withStore((store) => store.check());

    shell(statements);

    expect(before).toEqual([]);
    expect(await withStore((store) => store.check())).toContainEqual(expect.stringMatching(finding));
  });
});
