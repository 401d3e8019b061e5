import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import type { AuditVerification } from '../../src/app/verify-audit.ts';
import type { ExportRow } from '../../src/core/audit/export-row.ts';
import { aqe, databaseOf, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const assess = ({ root }: Project): Promise<CliResult> => aqe(root, ['deploy', 'assess', '--version', 'v2.5.0']);
const attest = ({ root }: Project, note: string): Promise<CliResult> =>
  aqe(root, ['deploy', 'checklist', '--version', 'v2.5.0', '--attest', 'monitoring', '--by', 'ada', '--note', note]);
const audit = ({ root }: Project, ...words: readonly string[]): Promise<CliResult> => aqe(root, ['audit', ...words]);
const beside = ({ root }: Project, name: string): string => join(root, '.agentic-qe', name);

/** A project with two entries in its log. */
async function logged(note = '=HYPERLINK("http://evil.example")'): Promise<Project> {
  const shop = project();
  expect((await assess(shop)).code).toBe(0);
  expect((await attest(shop, note)).code).toBe(0);
  return shop;
}

function tamper({ root }: Project, statements: string): void {
  const db = new DatabaseSync(databaseOf(root));
  db.exec(`drop trigger audit_no_update; drop trigger audit_no_delete; ${statements}`);
  db.close();
}

describe('audit verify', () => {
  test('is 0 for a log that is whole, and says how far it is covered', async () => {
    const shop = await logged();

    const page = await audit(shop, 'verify');
    const printed = json<AuditVerification & { readonly keys: readonly string[] }>(
      await audit(shop, 'verify', '--json'),
    );

    expect(page.code).toBe(0);
    expect(page.out).toMatch(/^Audit log of shop: whole, 2 entries\n/);
    expect(page.out).toMatch(/2 match; the newest covers entry 2/);
    expect(page.err).toMatch(/^exit 0: /);
    expect(printed).toMatchObject({
      schemaVersion: '1',
      service: 'shop',
      whole: true,
      entries: 2,
      faults: [],
      notices: [],
    });
    expect(printed.keys).toHaveLength(1);
  });

  test('is 0 for a project that has no log yet, and makes nothing', async () => {
    const shop = project();

    const { code, out } = await audit(shop, 'verify');

    expect([code, out.split('\n')[0]]).toEqual([0, 'Audit log of shop: whole, 0 entries']);
    expect(existsSync(join(shop.root, '.agentic-qe'))).toBe(false);
  });

  test('is 1 for a log that was changed, and says where', async () => {
    const shop = await logged();
    tamper(shop, `update audit set body = replace(body, 'ada', 'eve') where seq = 2`);

    const { code, out, err } = await audit(shop, 'verify');

    expect(code).toBe(1);
    expect(out).toMatch(/^Audit log of shop: broken, \d faults?, 2 entries/);
    expect(out).toContain('chain: entry 2 is not as it was written');
    expect(err).toMatch(/exit 1: /);
  });

  test('is 1 for an older copy of the database', async () => {
    const shop = project();
    await assess(shop);
    copyFileSync(databaseOf(shop.root), beside(shop, 'backup.db'));
    await attest(shop, 'ok');
    for (const more of ['', '-wal', '-shm']) rmSync(databaseOf(shop.root) + more, { force: true });
    copyFileSync(beside(shop, 'backup.db'), databaseOf(shop.root));

    const { code, out } = await audit(shop, 'verify');

    expect(code).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toContain('the log ends with entry 1, but had an entry 2 at');
  });

  test('with a checkpoint kept elsewhere finds what was cut off together with the checkpoints', async () => {
    const shop = await logged();
    const [first = '', second = ''] = readFileSync(beside(shop, 'audit-checkpoints.jsonl'), 'utf8').split('\n');
    shop.write('witness.json', second);
    shop.write('.agentic-qe/audit-checkpoints.jsonl', `${first}\n`);
    tamper(shop, 'drop trigger attestations_no_delete; delete from audit where seq = 2; delete from attestations');

    const alone = await audit(shop, 'verify');
    const witnessed = await audit(shop, 'verify', '--checkpoint', 'witness.json');

    expect([alone.code, witnessed.code]).toEqual([0, 1]);
    expect(witnessed.out).toContain('checkpoint: the log ends with entry 1');
  });

  test('trusts the keys that are named and no others', async () => {
    const shop = await logged();
    const other = await logged();
    const key = (of: Project): string =>
      readFileSync(join(of.root, '.agentic-qe', 'keys', 'system.pub'), 'utf8').trim();

    const own = await audit(shop, 'verify', '--key', key(shop));
    const stranger = await audit(shop, 'verify', '--key', key(other));

    expect([own.code, stranger.code]).toEqual([0, 1]);
    expect(stranger.out.replace(/\s+/g, ' ')).toContain('which is no key that is trusted here');
  });

  test('is 2 for a file that holds no checkpoint', async () => {
    const shop = await logged();

    const { code, out, err } = await audit(shop, 'verify', '--checkpoint', 'package.json');

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('error AQE3011');
  });
});

describe('audit export', () => {
  test('has author, evidence times, decision digest and hash of each entry', async () => {
    const shop = await logged('all is well');

    const { entries } = json<{ readonly entries: readonly ExportRow[] }>(await audit(shop, 'export', '--json'));

    expect(entries.map(({ action, outcome, version }) => [action, outcome, version])).toEqual([
      ['assessment.recorded', 'done', 'v2.5.0'],
      ['attestation.recorded', 'done', 'v2.5.0'],
    ]);
    expect(entries[0]).toMatchObject({ seq: 1, service: 'shop', environment: 'production', method: 'os-user' });
    expect(entries[0]?.decisionDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(entries[0]?.authors).toMatch(/<.+@.+>/);
    expect(entries[0]?.evidenceEarliest).toMatch(/^20\d\d-/);
    expect(entries[0]!.evidenceEarliest <= entries[0]!.evidenceLatest).toBe(true);
    expect(entries[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is CSV that no spreadsheet takes for formulas', async () => {
    const shop = await logged();

    const { code, out } = await audit(shop, 'export');

    const lines = out.split('\r\n');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^seq,time,action,outcome,actor,method,service,version,/);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain(`,"'=HYPERLINK(""http://evil.example"")",`);
  });

  test('begins at --from and ends before --to', async () => {
    const shop = await logged();
    const { entries: all } = json<{ readonly entries: readonly ExportRow[] }>(await audit(shop, 'export', '--json'));
    const second = all[1]!.time;

    const since = json<{ readonly entries: readonly ExportRow[] }>(
      await audit(shop, 'export', '--json', '--from', second),
    );
    const until = json<{ readonly entries: readonly ExportRow[] }>(
      await audit(shop, 'export', '--json', '--to', second),
    );
    const never = await audit(shop, 'export', '--to', '2020-01-01');

    expect([since, until].map(({ entries }) => entries.map(({ seq }) => seq))).toEqual([[2], [1]]);
    expect(never.out.split('\r\n')).toHaveLength(2);
  });

  test.each([
    ['--from', '2026-02-30'],
    ['--from', 'yesterday'],
    ['--to', '2026-13-01'],
    ['--to', '2026-01-01T12:00'],
  ])('%s %s is a mistake', async (flag, value) => {
    expect(await audit(project(), 'export', flag, value)).toMatchObject({ code: 2, out: '' });
  });

  test('of a broken log is AQE6006 and 2', async () => {
    const shop = await logged();
    tamper(shop, 'delete from audit where seq = 1');

    const { code, out, err } = await audit(shop, 'export');

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('error AQE6006: Audit log is broken: audit log: entry 2 stands where 1 should');
  });

  test('of records that are not those which the log names is AQE6006 too: authors and approvers come from them', async () => {
    const shop = await logged();
    tamper(shop, "drop trigger assessments_no_update; update assessments set version = 'v2.5.0 '");

    const { code, out, err } = await audit(shop, 'export');

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('error AQE6006: Audit log is broken: row 1 of assessments is not as it was written');
  });
});

describe('audit show', () => {
  test('prints the newest entries first, as many as asked for, without obeying what they say', async () => {
    const shop = await logged('\u001b[2Jgone\u202e');

    const all = await audit(shop, 'show');
    const one = json<{ readonly entries: readonly { readonly seq: number }[] }>(
      await audit(shop, 'show', '--limit', '1', '--json'),
    );
    const other = await audit(shop, 'show', '--version', 'v9');

    expect(all.out).toMatch(
      /2 entries[\s\S]*2 {2}20[^\n]*attestation\.recorded done[\s\S]*1 {2}20[^\n]*assessment\.recorded done/,
    );
    expect(all.out).not.toContain('\u001b');
    expect(all.out).not.toContain('\u202e');
    expect(one.entries.map(({ seq }) => seq)).toEqual([2]);
    expect(other.out).toContain('0 entries');
  });

  test.each(['0', '-1', 'x', '1e3'])('--limit %s is a mistake', async (limit) => {
    expect(await audit(project(), 'show', '--limit', limit)).toMatchObject({ code: 2, out: '' });
  });
});

test('what is kept beside the log is for its owner, and the key is not for git', async () => {
  const shop = await logged();

  expect(readdirSync(join(shop.root, '.agentic-qe')).toSorted()).toEqual([
    'audit-checkpoints.jsonl',
    'deploy.db',
    'keys',
  ]);
  expect(readdirSync(join(shop.root, '.agentic-qe', 'keys')).toSorted()).toEqual([
    '.gitignore',
    'system.pem',
    'system.pub',
  ]);
});
