import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import type { ApprovalRecord, StoreRecords } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { sealOf } from '../../src/adapters/stores/seal.ts';
import { recordColumns } from '../../src/adapters/stores/schema.ts';
import { readEntry } from '../../src/core/audit/chain.ts';
import { keyOf, pemOf } from '../support/approvals.ts';
import { aqe, aqeWith, databaseOf, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project, type ProjectShape } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const version = 'v2.5.0';
const people = ['ada', 'bob', 'cyd', 'dan'] as const;
type Name = (typeof people)[number];
const address = (name: string): string => `${name}@example.com`;
const oneApproval = 'approvals: { required: [{ name: release, when: always }] }\n';

/** Ada wrote the release; Bob is VP Engineering and Cyd is CTO. */
function configOf(rules: string): string {
  const entries = people.map(
    (name) => `  ${address(name)}: { key: ${keyOf(name).publicKey}, aliases: [${name}@example.org] }`,
  );
  return `service: shop
people:
${entries.join('\n')}
roles:
  VP Engineering: [${address('bob')}]
  CTO: [${address('cyd')}]
${rules}`;
}

function shopWith(rules: string = oneApproval, shape: Partial<ProjectShape> = {}): Project {
  return project({ config: configOf(rules), ...shape });
}

/** Runs a command as one of the people, or as somebody without a key. */
function as(
  name: Name | 'mallory' | null,
  { root }: Project,
  verb: string,
  ...flags: readonly string[]
): Promise<CliResult> {
  const env = { HOME: `${root}/nobody`, ...(name !== null && { AQE_KEY: pemOf(name) }) };
  return aqe(root, ['deploy', verb, '--version', version, ...flags], { env });
}

const assess = (shop: Project, ...flags: readonly string[]): Promise<CliResult> => as(null, shop, 'assess', ...flags);

async function assessed(shop: Project): Promise<Assessment & { readonly code: number }> {
  const result = await assess(shop, '--json');
  return { ...json<Assessment>(result), code: result.code };
}

async function kept<T extends keyof StoreRecords>({ root }: Project, table: T): Promise<readonly StoreRecords[T][]> {
  const store = await openSqliteStore(databaseOf(root));
  const found = await store.find(table, { service: 'shop' });
  await store.close();
  return found;
}

async function logged({ root }: Project) {
  const store = await openSqliteStore(databaseOf(root));
  const entries = await store.auditLog();
  await store.close();
  return entries.map((entry) => readEntry(entry)!);
}

const flat = ({ out }: CliResult): string => out.replace(/\s+/g, ' ');

describe('a release that needs an approval', () => {
  test('waits, is approved by a key, and goes', async () => {
    const shop = shopWith();

    const before = await assess(shop);
    const waiting = await as('bob', shop, 'approvals');
    const given = await as('bob', shop, 'approve', '--comment', 'checked the plan');
    const after = await assess(shop);
    const done = await as('bob', shop, 'approvals');

    expect([before.code, waiting.code, given.code, after.code, done.code]).toEqual([4, 4, 0, 0, 0]);
    expect(flat(waiting)).toContain(
      'release: 0 of 1, 1 approval missing; waiting for bob@example.com, cyd@example.com, dan@example.com; nobody asked for it yet',
    );
    expect(flat(given)).toContain('release: 1 of 1');
    expect(after.out).toContain('approved by bob@example.com');
  });

  test('is void when evidence changes, and says so everywhere', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');

    shop.write('reports/junit.xml', '<testsuite name="a"><testcase name="b"/></testsuite>');
    const { code, approvals, status } = await assessed(shop);
    const page = await assess(shop);
    const markdown = await assess(shop, '--format', 'markdown');

    expect({ code, status }).toEqual({ code: 4, status: 'PENDING_APPROVAL' });
    expect(approvals.void).toMatchObject([{ kind: 'approve', person: address('bob') }]);
    expect(approvals.void[0]!.reason).toMatch(
      /^it is about another decision \([0-9a-f]{12}…\), this one is [0-9a-f]{12}…$/,
    );
    expect(flat(page)).toContain('approve by bob@example.com does not count: it is about another decision');
    expect(markdown.out).toContain('does not count: it is about another decision');
  });

  test('is void when the policy changes, and stands again when it is what it was', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');

    shop.write('aqe-deploy.yaml', configOf(`${oneApproval}remediation: { minutes_per: { uncovered_line: 3 } }\n`));
    const changed = await assess(shop);
    shop.write('aqe-deploy.yaml', configOf(oneApproval));
    const back = await assess(shop);

    expect([changed.code, back.code]).toEqual([4, 0]);
  });

  test('is not approved any more when the approval has expired at use', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve', '--expires', '2h');
    const later = (hours: number) => {
      const now = () => new Date(Date.now() + hours * 3_600_000);
      const clock = { now, zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };
      return aqeWith({ clock }, shop.root, ['assess', '--version', version, '--dry-run', '--json']);
    };

    const within = await later(1.9);
    const over = await later(2.1);

    expect([within.code, over.code]).toEqual([0, 4]);
    expect(json<Assessment>(over).approvals.void[0]!.reason).toMatch(/^it expired at /);
  });

  test('is not approved by its author under any address, and the attempt is logged', async () => {
    const shop = shopWith();
    await assess(shop);

    const refused = await as('ada', shop, 'approve');

    expect(refused.code).toBe(2);
    expect(refused.err).toContain('AQE3032');
    expect(refused.err).toContain('ada@example.com is an author of the release');
    expect(await kept(shop, 'approvals')).toEqual([]);
    expect((await logged(shop)).at(-1)).toMatchObject({
      action: 'approval.refused',
      outcome: 'refused',
      actor: { id: address('ada'), method: 'ed25519', key: keyOf('ada').keyId },
    });
  });

  test('is not approved by whoever asked for it', async () => {
    const shop = shopWith();
    await assess(shop);

    const asked = await as('bob', shop, 'approve-request', '--recipients', 'cyd@example.com, vp-eng@company.com');
    const refused = await as('bob', shop, 'approve');
    const other = await as('cyd', shop, 'approve');

    expect([asked.code, refused.code, other.code]).toEqual([0, 2, 0]);
    expect(asked.out).toContain('vp-eng@company.com gets the message and could not give what is missing');
    expect(refused.err).toContain('bob@example.com asked for it');
    expect(await kept(shop, 'messages')).toMatchObject([
      { kind: 'approval-request', recipients: '["cyd@example.com","vp-eng@company.com"]' },
    ]);
  });

  test('is not approved by somebody without a key: it is recorded, said loudly and counts for nothing', async () => {
    const shop = shopWith();
    await assess(shop);

    const nameless = await as(null, shop, 'approve');
    const claim = await as(null, shop, 'approve', '--approver', address('bob'));
    const { code, approvals } = await assessed(shop);

    expect([nameless.code, claim.code, code]).toEqual([4, 4, 4]);
    expect(flat(claim)).toContain(
      'does not count: nothing verifies that it is from bob@example.com: unverified (os user',
    );
    expect(flat(claim)).toContain('there is no key (`aqe keys init` makes one)');
    expect(approvals.void).toHaveLength(2);
  });

  test('is not approved with a key that is nobody’s, nor in the name of a stranger', async () => {
    const shop = shopWith();
    await assess(shop);

    const strange = await as('mallory', shop, 'approve');
    const stranger = await as(null, shop, 'approve', '--approver', 'mallory@example.com');

    expect([strange.code, stranger.code]).toEqual([2, 2]);
    expect(strange.err).toContain('is that of nobody in the policy');
    expect(stranger.err).toContain('mallory@example.com is nobody whom the policy knows');
  });

  test('is approved without a key where the policy lets it', async () => {
    const shop = shopWith(oneApproval.replace('{ required', '{ allow_unverified: true, required'));
    await assess(shop);

    const { code, out } = await as(null, shop, 'approve', '--approver', 'bob@example.org');

    expect(code).toBe(0);
    expect(out).toContain('bob@example.com (unverified (os user');
    expect((await assess(shop)).out).toContain('unverified');
  });

  test('needs as many people as the policy says', async () => {
    const shop = shopWith('approvals: { required: [{ name: release, when: always, count: 2 }] }\n');
    await assess(shop);

    const first = await as('bob', shop, 'approve');
    const again = await as('bob', shop, 'approve');
    const second = await as('cyd', shop, 'approve');

    expect([first.code, again.code, second.code, (await assess(shop)).code]).toEqual([4, 4, 0, 0]);
    expect(flat(again)).toContain('release: 1 of 2, 1 approval missing; waiting for cyd@example.com, dan@example.com');
  });

  test('is stopped by a rejection until that person takes it back', async () => {
    const shop = shopWith();
    await assess(shop);
    await as('bob', shop, 'approve');

    const no = await as('cyd', shop, 'reject', '--comment', 'totals are wrong', '--json');
    const blocked = await assess(shop);
    const { id } = json<{ readonly recorded: ApprovalRecord }>(no).recorded;
    const byBob = await as('bob', shop, 'approve', '--withdraw', id);
    const still = await assess(shop);
    const byCyd = await as('cyd', shop, 'approve', '--withdraw', id);

    expect([no.code, blocked.code, still.code, byCyd.code, (await assess(shop)).code]).toEqual([0, 1, 1, 0, 0]);
    expect(byBob.err).toContain('it was said by cyd@example.com, who alone can take it back');
    expect(blocked.out).toContain('rejected by cyd@example.com: totals are wrong');
  });
});

describe('approve', () => {
  test('needs an assessment that is kept, and the decision that is meant', async () => {
    const shop = shopWith();

    const none = await as('bob', shop, 'approve');
    await assess(shop);
    const other = await as('bob', shop, 'approve', '--digest', 'f'.repeat(64));

    expect([none.code, other.code]).toEqual([2, 2]);
    expect(none.err).toContain('AQE3030');
    expect(other.err).toContain('AQE3031');
  });

  test.each([
    ['not a time', 'tomorrow', 'AQE1002'],
    ['in the past', '2020-01-01T00:00:00Z', 'AQE1002'],
    ['longer than the policy allows', '25h', 'AQE3033'],
  ])('with an --expires that is %s is refused', async (_, expires, code) => {
    const shop = shopWith();
    await assess(shop);

    const { code: status, err } = await as('bob', shop, 'approve', '--expires', expires);

    expect(status).toBe(2);
    expect(err).toContain(code);
  });

  test('signs a comment without the secrets in it', async () => {
    const shop = shopWith();
    await assess(shop);

    const { code } = await as('bob', shop, 'approve', '--comment', `token ghp_${'a1B2'.repeat(9)} works`);

    const [record] = await kept(shop, 'approvals');
    expect(code).toBe(0);
    expect(record!.comment).toBe('token [redacted] works');
    expect(JSON.stringify(await logged(shop))).not.toContain('ghp_');
  });
});

describe('an override', () => {
  const failing = { coverage: { lines: [60, 100], branches: [60, 100] } } as const;
  const justified = ['--gate', 'test_coverage', '--justification', 'generated code, see issue 812'] as const;

  test('of a closed gate by both roles lets the release through, loudly', async () => {
    const shop = shopWith('', failing);
    const before = await assess(shop);

    const first = await as('bob', shop, 'override', ...justified);
    const second = await as('cyd', shop, 'override', ...justified);
    const { code, status, gates, rules } = await assessed(shop);
    const page = await assess(shop);
    const markdown = await assess(shop, '--format', 'markdown');

    expect([before.code, first.code, second.code, code]).toEqual([1, 4, 0, 0]);
    expect(status).toBe('APPROVED_WITH_WARNINGS');
    expect(gates.gateResults.find(({ gate }) => gate === 'test_coverage')).toMatchObject({
      passed: false,
      outcome: 'fail',
      overridden: { people: [address('bob'), address('cyd')], justification: 'generated code, see issue 812' },
    });
    expect(rules.map(({ rule }) => rule)).toContain('gate-overridden');
    const loud = 'OVERRIDE of gate test_coverage by bob@example.com and cyd@example.com until';
    expect(flat(page)).toContain(loud);
    expect(markdown.out.replaceAll('&#64;', '@')).toContain(loud);
    expect((await logged(shop)).filter(({ action }) => action === 'override.given')).toMatchObject([
      { target: 'test_coverage', reason: 'generated code, see issue 812' },
      { target: 'test_coverage' },
    ]);
  });

  test.each([
    ['without a reason', ['--gate', 'test_coverage'], 'AQE3034'],
    ['with a word for a reason', ['--gate', 'test_coverage', '--justification', 'because'], 'AQE3034'],
    ['of a gate that is open', ['--gate', 'tests', '--justification', 'just to be on the safe side'], 'AQE30'],
    ['of a gate that is not there', ['--gate', 'test_covrage', '--justification', 'generated code'], 'AQE3001'],
    ['for longer than the policy allows', [...justified, '--expires', '8d'], 'AQE3033'],
  ])('%s is refused', async (_, flags, code) => {
    const shop = shopWith('', failing);
    await assess(shop);

    const { code: status, err } = await as('bob', shop, 'override', ...flags);

    expect(status).toBe(2);
    expect(err).toContain(code);
  });

  test('by somebody without the role is refused and logged, and none is possible where the policy has none', async () => {
    const shop = shopWith('', failing);
    const off = shopWith('gate_overrides: { enabled: false }\n', failing);
    await Promise.all([assess(shop), assess(off)]);

    const roleless = await as('dan', shop, 'override', ...justified);
    const never = await as('bob', off, 'override', ...justified);

    expect(roleless.err).toContain('dan@example.com has none of the roles that are asked: VP Engineering, CTO');
    expect((await logged(shop)).at(-1)).toMatchObject({ action: 'override.refused', target: 'test_coverage' });
    expect(never.err).toContain('AQE3035');
  });
});

describe('an emergency approval', () => {
  const failing = { audit: { critical: 1 } } as const;
  const justification = ['--justification', 'Critical security patch'] as const;

  test('lets anything through, says so first, tells somebody and owes a review', async () => {
    const shop = shopWith('', failing);
    const before = await assess(shop);

    const given = await as('cyd', shop, 'emergency-approve', ...justification);
    const { code, rules, approvals } = await assessed(shop);
    const page = await assess(shop);

    expect([before.code, given.code, code]).toEqual([1, 0, 0]);
    expect(given.out).toContain('review due: ');
    expect(rules[0]).toMatchObject({ rule: 'emergency-approved', leadsTo: 'APPROVED_WITH_WARNINGS' });
    expect(rules.find(({ rule }) => rule === 'blocking-gate-failed')).toMatchObject({ setAside: true });
    expect(approvals.reviews).toMatchObject([{ version, overdue: false }]);
    expect(flat(page)).toContain('EMERGENCY approval by cyd@example.com until');
    expect(await kept(shop, 'messages')).toMatchObject([
      { kind: 'emergency-approval', recipients: '[]', subject: 'EMERGENCY approval: shop v2.5.0 to production' },
    ]);
  });

  test('needs a justification, and somebody who approves', async () => {
    const shop = shopWith('', failing);
    await assess(shop);

    const reasonless = await as('cyd', shop, 'emergency-approve', '--approver', address('cyd'));
    const nameless = await as(null, shop, 'emergency-approve', ...justification);

    expect([reasonless.code, nameless.code]).toEqual([2, 2]);
    expect(reasonless.err).toContain('--justification is missing');
    expect(nameless.err).toContain('--approver is missing');
  });

  test('typed in the name of another is a claim that opens nothing until it is confirmed', async () => {
    const shop = shopWith('', failing);
    await assess(shop);

    const claim = await as('bob', shop, 'emergency-approve', '--approver', address('cyd'), ...justification);
    const meanwhile = await assess(shop);
    const confirmed = await as('cyd', shop, 'emergency-approve', '--approver', address('cyd'), ...justification);

    expect([claim.code, meanwhile.code, confirmed.code, (await assess(shop)).code]).toEqual([4, 1, 0, 0]);
    expect(flat(claim)).toContain('the key here is that of bob@example.com');
    expect(flat(claim)).toContain('to confirm it: cyd@example.com runs this command with their key');
    expect(await kept(shop, 'reviews')).toHaveLength(1);
  });

  test('by somebody without the role is refused', async () => {
    const shop = shopWith('', failing);
    await assess(shop);

    const { code, err } = await as('bob', shop, 'emergency-approve', ...justification);

    expect(code).toBe(2);
    expect(err).toContain('bob@example.com has none of the roles that are asked: CTO');
    expect((await logged(shop)).at(-1)).toMatchObject({ action: 'emergency.refused' });
  });

  test('warns on the next release while its review is overdue, until somebody else closes it', async () => {
    const shop = shopWith('', failing);
    await assess(shop);
    await as('cyd', shop, 'emergency-approve', ...justification);
    const later = async () => {
      const clock = {
        now: () => new Date(Date.now() + 73 * 3_600_000),
        zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }),
      };
      const argv = ['assess', '--version', 'v2.6.0', '--dry-run', '--json'];
      return json<Assessment>(await aqeWith({ clock }, shop.root, argv)).rules.map(({ rule }) => rule);
    };

    const overdue = await later();
    const own = await as('cyd', shop, 'review', '--note', 'all was well');
    const keyless = await as(null, shop, 'review', '--note', 'all was well', '--approver', address('bob'));
    const other = await as('bob', shop, 'review', '--note', 'patch was right');
    const again = await as('bob', shop, 'review', '--note', 'patch was right');

    expect(overdue).toContain('review-overdue');
    expect([own.code, keyless.code, other.code, again.code]).toEqual([2, 2, 0, 2]);
    expect(own.err).toContain('somebody else has to review it');
    expect(again.err).toContain('AQE3037');
    expect(await later()).not.toContain('review-overdue');
  });
});

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

describe('the escalation list', () => {
  test('queues each step once when its time has come', async () => {
    const steps = 'escalation: [{ after: 1h, to: [lead@example.com] }, { after: 5h, to: [cto@example.com] }]';
    const shop = shopWith(`approvals: { required: [{ name: release, when: always }], ${steps} }\n`);
    await assess(shop);
    await as('dan', shop, 'approve-request', '--recipients', address('bob'));
    const clock = {
      now: () => new Date(Date.now() + 2 * 3_600_000),
      zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }),
    };
    const later = () => aqeWith({ clock }, shop.root, ['approvals', '--version', version]);

    const before = await as('dan', shop, 'approvals', '--json');
    const page = await later();
    await later();

    expect(json<{ readonly escalated: readonly unknown[] }>(before).escalated).toEqual([]);
    expect(page.code).toBe(4);
    expect(page.out).toContain('escalated to lead@example.com');
    const escalated = (await kept(shop, 'messages')).filter(({ kind }) => kind === 'approval-escalation');
    expect(escalated.map(({ recipients }) => recipients)).toEqual(['["lead@example.com"]']);
  });
});
