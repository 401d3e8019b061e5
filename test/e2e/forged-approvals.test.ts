import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { sealOf } from '../../src/adapters/stores/seal.ts';
import { recordColumns } from '../../src/adapters/stores/schema.ts';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import type { ApprovalRecord } from '../../src/ports/store.ts';
import { address, keyOf } from '../support/approvals.ts';
import { as, assess, assessed, kept, oneApproval, shopWith, version } from '../support/approving-shop.ts';
import { aqe, databaseOf, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import type { Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

/** Opens the database as its owner can: without the guards. */
function open({ root }: Project): DatabaseSync {
  const database = new DatabaseSync(databaseOf(root));
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers as { readonly name: string }[]) database.exec(`DROP TRIGGER "${name}"`);
  return database;
}

/** Puts rows in the place of the approvals, with seals as the program computes them. */
function forge(shop: Project, rows: readonly ApprovalRecord[]): void {
  const database = open(shop);
  const columns = [...recordColumns.approvals, 'seal'];
  database.exec('DELETE FROM approvals');
  for (const row of rows) {
    const values = [...recordColumns.approvals.map((column) => row[column]), sealOf('approvals', row)];
    database
      .prepare(`INSERT INTO approvals (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .run(...values);
  }
  database.close();
}

describe('a row that somebody wrote into the database', () => {
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

describe('what was said of one release', () => {
  const rules = `${oneApproval}environments: { production: {}, staging: {} }
gate_overrides: { requires_approval_from: [CTO] }
`;
  const failing = { coverage: { lines: [60, 100], branches: [60, 100] } } as const;
  const overriding = ['--gate', 'test_coverage', '--justification', 'generated code'] as const;

  /** Cyd, the CTO, said everything that can be said of one release, and nothing of the others. */
  async function spoken() {
    const shop = shopWith(rules, failing);
    const ofStaging = ['--environment', 'staging'] as const;
    await assess(shop);
    await assess(shop, ...ofStaging);
    await aqe(shop.root, ['deploy', 'assess', '--version', 'v2.6.0'], { env: { HOME: '/nonexistent' } });
    for (const [verb, ...flags] of [
      ['approve'],
      ['override', ...overriding],
      ['emergency-approve', '--justification', 'the shop is down'],
    ] as const)
      await as('cyd', shop, verb, ...flags, ...ofStaging);
    const rows = await kept(shop, 'approvals');
    const { decisionDigest } = (await kept(shop, 'assessments')).find(
      ({ environment }) => environment === 'production',
    )!;
    const other = (await kept(shop, 'assessments')).find(({ version: of }) => of === 'v2.6.0')!;
    return { shop, rows, decisionDigest, other };
  }

  test('counts for no other environment, version, service, decision, kind, gate or person, however the rows are changed', async () => {
    const { shop, rows, decisionDigest, other } = await spoken();
    expect(rows.map(({ kind }) => kind)).toEqual(['approve', 'override', 'emergency']);

    const moves: readonly Partial<ApprovalRecord>[] = [
      { environment: 'production' },
      { environment: 'production', decisionDigest },
      { environment: 'production', decisionDigest, person: address('bob') },
      { environment: 'production', decisionDigest, kind: 'approve', target: '' },
      { environment: 'production', decisionDigest, kind: 'override', target: 'test_coverage' },
      { environment: 'production', decisionDigest, kind: 'emergency', target: '' },
      { environment: 'production', decisionDigest, identity: `ed25519:${keyOf('bob').keyId}` },
      { environment: 'production', decisionDigest, expiresAt: '2099-01-01T00:00:00.000Z' },
    ];
    const envelopes = ['', ...rows.map(({ envelope }) => envelope)];
    const forged = moves.flatMap((move, place) =>
      rows.flatMap((row) =>
        envelopes.map((envelope, index) => ({ ...row, ...move, envelope, id: `${row.id} ${place} ${index}` })),
      ),
    );
    forge(shop, forged);
    const production = await assessed(shop);
    forge(
      shop,
      rows.map((row) => ({
        ...row,
        version: other.version,
        environment: 'production',
        decisionDigest: other.decisionDigest,
      })),
    );
    const next = await aqe(shop.root, ['deploy', 'assess', '--version', other.version, '--json']);

    expect(forged).toHaveLength(96);
    expect(production).toMatchObject({ code: 1, approvals: { emergency: null } });
    expect(production.approvals.void).toHaveLength(forged.length);
    expect(production.approvals.requirements[0]).toMatchObject({ agreed: [] });
    expect(json<Assessment>(next).approvals).toMatchObject({ requirements: [{ agreed: [] }], emergency: null });
    expect(next.code).toBe(1);
  }, 30_000);

  test('counts once, however often the row stands there', async () => {
    const shop = shopWith('approvals: { required: [{ name: two, when: always, count: 2 }] }\n');
    await assess(shop);
    await as('bob', shop, 'approve');
    const [row] = await kept(shop, 'approvals');

    forge(shop, [row!, ...Array.from({ length: 20 }, (_, index) => ({ ...row!, id: `${index}` }))]);
    const { code, approvals } = await assessed(shop);

    expect(code).toBe(4);
    expect(approvals.requirements[0]).toMatchObject({ missing: 1, agreed: [{ person: address('bob') }] });
  });
});

describe('a cell that holds something else than what we write', () => {
  const cells = [
    ['requests', 'recipients'],
    ['messages', 'recipients'],
    ['assessments', 'body'],
  ] as const;
  const values = ['', 'null', '{}', '"x"', '[1]', '[', '{"a":', '__proto__', '\u001b[31m', '[['.repeat(5000), 'NaN'];
  const commands = [
    ['deploy', 'approvals', '--version', version],
    ['deploy', 'approvals', '--version', version, '--json'],
    ['deploy', 'outbox'],
    ['deploy', 'outbox', '--json'],
    ['deploy', 'policy', 'ledger'],
    ['deploy', 'assess', '--version', version, '--dry-run'],
    ['audit', 'export'],
  ];
  let shop: Project;

  beforeAll(async () => {
    shop = shopWith(
      `${oneApproval}notify: { smtp: { host: 127.0.0.1, port: 1, security: none, from: a@b.example } }\n`,
    );
    await assess(shop);
    await as('bob', shop, 'approve-request', '--recipients', address('cyd'));
    await as('dan', shop, 'approve');
  });

  /** Changes one cell of the first row, with the seal that fits, runs the commands, and puts it back. */
  async function withCell(
    table: (typeof cells)[number][0] | 'approvals',
    column: string,
    value: string | Uint8Array,
  ): Promise<readonly CliResult[]> {
    const set = (to: unknown, seal: unknown): void => {
      const database = open(shop);
      database.prepare(`UPDATE ${table} SET "${column}" = ?, seal = ? WHERE seq = 1`).run(to as string, seal as string);
      database.close();
    };
    const database = open(shop);
    const row = { ...database.prepare(`SELECT * FROM ${table} WHERE seq = 1`).get() };
    database.close();
    set(value, sealOf(table, { ...row, [column]: value }));
    const results: CliResult[] = [];
    for (const argv of commands) results.push(await aqe(shop.root, argv, { env: { HOME: '/nonexistent' } }));
    set(row[column], row['seal']);
    return results;
  }

  test.each(cells)(
    'in %s.%s is damage, never a crash',
    async (table, column) => {
      const results = [];
      for (const value of values) results.push(...(await withCell(table, column, value)));

      expect(results.filter(({ err }) => err.includes('internal error'))).toEqual([]);
      expect(
        results
          .map(({ err }) => /AQE\d+/.exec(err)?.[0])
          .filter(Boolean)
          .toSorted(),
      ).toContain('AQE6002');
      expect(results.filter(({ out, err }) => (out + err).includes('\u001b'))).toEqual([]);
    },
    30_000,
  );

  test.each(['person', 'identity', 'comment', 'kind', 'target', 'createdAt', 'expiresAt', 'envelope'])(
    'in approvals.%s, bytes for text, is damage, never a crash',
    async (column) => {
      const results = await withCell('approvals', column, new Uint8Array([0, 255, 1]));

      expect(results.filter(({ err }) => err.includes('internal error'))).toEqual([]);
      expect(results[0]).toMatchObject({ code: 2, out: '' });
      expect(results[0]!.err).toContain('AQE6002');
    },
  );
});
