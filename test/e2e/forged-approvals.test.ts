import { afterAll, describe, expect, test } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { sealOf } from '../../src/adapters/stores/seal.ts';
import { recordColumns } from '../../src/adapters/stores/schema.ts';
import type { ApprovalRecord } from '../../src/ports/store.ts';
import { address, keyOf } from '../support/approvals.ts';
import { as, assess, assessed, kept, shopWith } from '../support/approving-shop.ts';
import { databaseOf } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import type { Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

describe('a row that somebody wrote into the database', () => {
  /** Puts rows in the place of the approvals, with seals as the program computes them. */
  function forge({ root }: Project, rows: readonly ApprovalRecord[]): void {
    const database = new DatabaseSync(databaseOf(root));
    const columns = [...recordColumns.approvals, 'seal'];
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all() as {
      name: string;
    }[])
      database.exec(`DROP TRIGGER "${name}"`);
    database.exec('DELETE FROM approvals');
    for (const row of rows) {
      const values = [...recordColumns.approvals.map((column) => row[column]), sealOf('approvals', row)];
      database
        .prepare(`INSERT INTO approvals (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
        .run(...values);
    }
    database.close();
  }

  test.each<readonly [string, (row: ApprovalRecord) => ApprovalRecord]>([
    ['in the name of another person', (row) => ({ ...row, person: address('cyd') })],
    ['with a later end', (row) => ({ ...row, expiresAt: '2099-01-01T00:00:00.000Z' })],
    ['with another comment', (row) => ({ ...row, comment: 'all good' })],
    ['without its envelope', (row) => ({ ...row, envelope: '' })],
    [
      'that calls a claim a key',
      (row) => ({ ...row, person: address('cyd'), identity: `ed25519:${keyOf('cyd').keyId}` }),
    ],
    ['that says it is no key', (row) => ({ ...row, identity: 'unverified (os user bob)' })],
  ])('%s does not count', async (_, change) => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');
    const [row] = await kept(shop, 'approvals');

    forge(shop, [change(row!)]);
    const { code, approvals } = await assessed(shop);

    expect(code).toBe(4);
    expect(approvals.void).toHaveLength(1);
  });

  test('with an envelope copied to another decision does not count, and as it was it does', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');
    const [row] = await kept(shop, 'approvals');

    forge(shop, [row!]);
    const same = await assessed(shop);
    shop.write('reports/junit.xml', '<testsuite name="a"><testcase name="b"/></testsuite>');
    const { decisionDigest } = await assessed(shop);
    forge(shop, [{ ...row!, decisionDigest }]);
    const copied = await assessed(shop);

    expect([same.code, copied.code]).toEqual([0, 4]);
    expect(copied.approvals.void[0]!.reason).toContain('no key that the policy has for bob@example.com signed it');
  });
});
