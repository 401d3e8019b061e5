import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { aqe, databaseOf, json } from '../support/cli.ts';
import { GitRepository, removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { historyPage } from '../support/histories.ts';
import { hasPostgres, postgresServer } from '../support/postgres-server.ts';
import { project } from '../support/project.ts';
import type { OutcomeRecord } from '../../src/ports/store.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
afterAll(removeTemporaryFolders);

interface Recorded {
  readonly recorded: Omit<OutcomeRecord, 'facts'> & { readonly facts: Readonly<Record<string, unknown>> };
  readonly amends: { readonly outcome: string; readonly deployedAt: string } | null;
  readonly assessedAt: string | null;
  readonly counts: { readonly observed: number; readonly failures: number };
}

const record = (root: string, ...flags: readonly string[]) => aqe(root, ['record', '--version', 'v2.5.0', ...flags]);
const recorded = async (root: string, ...flags: readonly string[]): Promise<Recorded> =>
  json<Recorded & Record<string, unknown>>(await record(root, ...flags, '--json'));

async function kept(root: string): Promise<readonly OutcomeRecord[]> {
  const store = await openSqliteStore(databaseOf(root));
  return store.find('outcomes', { service: 'shop' }).finally(() => store.close());
}

describe('record', () => {
  test('keeps an outcome with what the assessment before it says', async () => {
    const { root, repository } = project();
    await aqe(root, ['assess', '--version', 'v2.5.0']);

    const {
      recorded: said,
      assessedAt,
      counts,
    } = await recorded(root, '--outcome', 'success', '--as', 'ada@example.com');

    expect(said).toMatchObject({
      service: 'shop',
      version: 'v2.5.0',
      environment: 'production',
      deployment: 'v2.5.0',
      outcome: 'success',
      basis: 'observed',
      source: 'recorded',
      by: 'ada@example.com',
      identity: expect.stringMatching(/^unverified \(os user/),
      facts: {
        commit: repository.head,
        committedAt: '2026-01-01T02:00:00.000Z',
        decision: expect.any(String),
        decisionDigest: expect.any(String),
        features: { change_size: expect.any(Number), test_coverage: 96, failed_tests: 0 },
      },
    });
    expect(assessedAt).not.toBeNull();
    expect(counts).toMatchObject({ observed: 1, failures: 0 });
  });

  test('takes nothing from an assessment that was made later', async () => {
    const { root } = project();
    await aqe(root, ['assess', '--version', 'v2.5.0']);

    const { recorded: said, assessedAt } = await recorded(root, '--outcome', 'failed', '--at', '2026-01-05T03:00:00Z');

    expect(assessedAt).toBeNull();
    expect(said.facts).toEqual({});
  });

  test('says that nothing is known of a release without assessment, and what to do next', async () => {
    const { root } = project();

    const { code, out } = await record(root, '--outcome', 'pending');

    expect(code).toBe(0);
    expect(out).toContain('✔ shop v2.5.0 in production: pending');
    expect(out).toContain('no assessment from before it is kept');
    expect(out).toContain('production now has 0 observed outcomes, 0 failures; beside them 1 pending');
    expect(out).toContain('Next: say how it ended with aqe deploy record');
  });

  test('amends what was said of the version before, which stays', async () => {
    const { root } = project();
    await record(root, '--outcome', 'success', '--at', '2026-03-01T10:00:00Z');

    const amendment = [
      '--outcome',
      'rolled-back',
      '--recovered-at',
      '2026-03-01T11:30:00+01:00',
      '--reason',
      'carts were empty',
    ];
    const second = await recorded(root, ...amendment);
    const log = await aqe(root, ['audit', 'show']);

    expect(second).toMatchObject({
      recorded: { deployment: 'v2.5.0', deployedAt: '2026-03-01T10:00:00.000Z', reason: 'carts were empty' },
      amends: { outcome: 'success' },
      counts: { observed: 1, failures: 1 },
    });
    expect((await kept(root)).map(({ outcome }) => outcome)).toEqual(['success', 'rolled-back']);
    expect(log.out).toContain('outcome.amended');
  });

  test('names what it amends, and a time that was only inferred', async () => {
    const { root } = project();
    await aqe(root, ['history', 'import', '--from-git-tags']);
    const record = ['record', '--version', 'v2.4.0', '--outcome', 'success'];

    const guessed = await aqe(root, record);
    const seen = await aqe(root, [...record, '--at', '2026-01-01T10:00:00Z']);

    expect(guessed.out.replace(/\s+/g, ' ')).toMatch(
      /amends: \S+ \(inferred, source: git-tags\); that stays on record/,
    );
    expect(guessed.out).toContain('when it was deployed is inferred too; --at says it better');
    expect(seen.out.replace(/\s+/g, ' ')).toMatch(/amends: success at \S+ \(source: recorded\); that stays on record/);
    expect(seen.out).not.toContain('inferred too');
  });

  test('with another time has the hour and the day of that time', async () => {
    const { root } = project();
    await aqe(root, ['assess', '--version', 'v2.5.0']);
    await recorded(root, '--outcome', 'success');

    const onSaturdayNight = ['--outcome', 'success', '--at', '2026-01-03T23:30:00Z'];
    const { recorded: moved, assessedAt } = await recorded(root, ...onSaturdayNight);

    expect(assessedAt).toBeNull();
    expect(moved.facts).toMatchObject({ features: { off_hours: 1, end_of_week: 1, test_coverage: 96 } });
  });

  test('of another deployment of the version is one more', async () => {
    const { root } = project();
    await record(root, '--outcome', 'rolled-back', '--at', '2026-03-01T10:00:00Z');

    const other = ['--outcome', 'success', '--at', '2026-03-02T10:00:00Z', '--deployment', 'again', '--unplanned'];
    const second = await recorded(root, ...other);
    const amended = await recorded(root, '--outcome', 'hotfixed', '--deployment', 'again');

    expect(second).toMatchObject({ amends: null, recorded: { facts: { unplanned: true } }, counts: { observed: 2 } });
    expect(amended).toMatchObject({ amends: { outcome: 'success' }, counts: { observed: 2, failures: 2 } });
  });

  test('of an imported deployment amends that one', async () => {
    const { root } = project();
    writeFileSync(join(root, 'd.json'), historyPage('gitlab/deployments'));
    await aqe(root, ['history', 'import', 'd.json']);

    const said = json<Recorded & Record<string, unknown>>(
      await aqe(root, ['record', '--version', 'v1.2.0', '--outcome', 'failed', '--json']),
    );

    expect(said).toMatchObject({ recorded: { deployment: 'gitlab/42' }, amends: { outcome: 'rolled-back' } });
  });

  test.each([
    ['an outcome that nobody knows', ['--outcome', 'great'], 'AQE1002'],
    ['a time in the future', ['--outcome', 'success', '--at', '2999-01-01T00:00:00Z'], 'AQE2013'],
    ['a time without zone', ['--outcome', 'success', '--at', '2026-03-01T10:00:00'], 'AQE2013'],
    ['a day that is none', ['--outcome', 'success', '--at', '2026-02-30T10:00:00Z'], 'AQE2013'],
    [
      'a recovery before the deployment',
      ['--outcome', 'failed', '--at', '2026-03-01T10:00:00Z', '--recovered-at', '2026-03-01T09:00:00Z'],
      'AQE2013',
    ],
    ['a recovery from a success', ['--outcome', 'success', '--recovered-at', '2026-03-01T09:00:00Z'], 'AQE2013'],
    ['a long version', ['--outcome', 'success', '--version', 'v'.repeat(201)], 'AQE1002'],
    ['a version with a control character', ['--outcome', 'success', '--version', 'v\u001b[2J'], 'AQE1002'],
    ['an empty name', ['--outcome', 'success', '--deployment', ' '], 'AQE1002'],
    ['a long reason', ['--outcome', 'success', '--reason', 'x'.repeat(2001)], 'AQE1002'],
  ])('refuses %s and keeps nothing', async (_, flags, code) => {
    const { root } = project();

    const result = await record(root, ...flags);

    expect(result.code).toBe(2);
    expect(result.err).toContain(code);
    expect(await kept(root)).toEqual([]);
  });

  test('refuses a name that is a deployment of another version, and a recovery that an amendment contradicts', async () => {
    const { root } = project();
    const failed = ['--outcome', 'failed', '--at', '2026-03-01T10:00:00Z', '--recovered-at', '2026-03-01T11:00:00Z'];
    await record(root, ...failed);

    const taken = await aqe(root, ['record', '--version', 'v9', '--outcome', 'success', '--deployment', 'v2.5.0']);
    const later = await record(root, '--outcome', 'failed', '--at', '2026-03-01T12:00:00Z');

    expect([taken.code, later.code]).toEqual([2, 2]);
    expect(taken.err).toContain('is one of v2.5.0');
    expect(later.err).toContain('before it was deployed');
    expect(await kept(root)).toHaveLength(1);
  });
});

describe('history import', () => {
  test('shows what it found, and keeps it', async () => {
    const { root } = project();
    writeFileSync(join(root, 'deployments.json'), historyPage('github/deployments'));
    writeFileSync(join(root, 'statuses.json'), historyPage('github/statuses'));
    const argv = [
      'history',
      'import',
      'deployments.json',
      '--statuses',
      'statuses.json',
      '--environment',
      'production',
    ];

    const dry = await aqe(root, [...argv, '--dry-run']);
    const first = await aqe(root, argv);
    const second = await aqe(root, argv);
    const audit = await aqe(root, ['audit', 'verify']);

    expect([dry.code, first.code, second.code, audit.code]).toEqual([0, 0, 0, 0]);
    expect(dry.out).toContain('5 deployments read, nothing kept (dry run)');
    expect(first.out).toContain('Outcomes             2 success, 1 failed, 1 rolled-back, 1 pending');
    expect(first.out).toContain('5 new, 0 amended, 0 known already');
    expect(first.out).toContain('1 of other environments or services');
    expect(second.out).toContain('0 new, 0 amended, 5 known already');
    expect(await kept(root)).toHaveLength(5);
  });

  test('of tags says that it is a base rate only', async () => {
    const root = temporaryFolder();
    const repository = new GitRepository(root);
    writeFileSync(join(root, 'aqe-deploy.yaml'), 'service: shop\n');
    for (const [index, name] of ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0'].entries()) {
      const commit = repository.commit(`feat: ${name}`, { hour: index * 240 });
      repository.git('tag', name);
      if (name !== 'v1.2.0') continue;
      repository.commit('fix: carts', { hour: index * 240 + 20 });
      repository.git('tag', 'v1.2.1');
      repository.commit(`Revert "feat: ${name}"\n\nThis reverts commit ${commit}.`, { hour: index * 240 + 30 });
    }

    const first = await aqe(root, ['history', 'import', '--from-git-tags']);
    const again = json<{ added: number; unchanged: number; basis: string }>(
      await aqe(root, ['history', 'import', '--from-git-tags', '--json']),
    );

    expect(first.out).toContain('a base rate only');
    expect(
      Object.fromEntries((await kept(root)).map(({ version, outcome, basis }) => [version, `${outcome} ${basis}`])),
    ).toEqual({
      'v1.0.0': 'success inferred',
      'v1.1.0': 'success inferred',
      'v1.2.0': 'hotfixed inferred',
      'v1.2.1': 'success inferred',
      'v1.3.0': 'success inferred',
    });
    expect(again).toMatchObject({ added: 0, unchanged: 5, basis: 'inferred' });
  });

  test.each([
    ['no files', ['history', 'import'], 'AQE1002'],
    ['files and tags', ['history', 'import', 'a.csv', '--from-git-tags'], 'AQE1002'],
    ['statuses of something else', ['history', 'import', 'a.csv', '--statuses', 'a.csv', '--format', 'csv'], 'AQE1002'],
    ['a file that is not there', ['history', 'import', 'a.csv'], 'AQE2014'],
    ['a project without repository', ['history', 'import', '--from-git-tags'], 'AQE2011'],
  ])('of %s is refused', async (_, argv, code) => {
    const { root } = project({ history: 'none' });

    const result = await aqe(root, argv);

    expect([result.code, result.err]).toEqual([2, expect.stringContaining(code)]);
  });

  test('of a file that is not there says so, without the words of the system', async () => {
    const { root } = project({ history: 'none' });

    const { err } = await aqe(root, ['history', 'import', 'a.csv']);

    expect(err).toContain('there is no such file');
    expect(err).not.toContain('ENOENT');
  });

  test('for an environment that no row names says which they name, and that nothing is kept', async () => {
    const { root } = project();
    writeFileSync(join(root, 'd.json'), historyPage('gitlab/deployments'));

    const { code, out } = await aqe(root, ['history', 'import', 'd.json', '--environment', 'prod']);

    expect(code).toBe(0);
    expect(out).toContain('0 deployments read');
    expect(out).toMatch(/of other environments or services: shop in production/);
    expect(out).toContain('Nothing to keep.');
    expect(out).not.toContain('Next:');
  });

  test('of tags without a release among them, and of several packages, is refused', async () => {
    const { root, repository } = project();
    repository.git('tag', '--delete', 'v2.4.0');
    const none = await aqe(root, ['history', 'import', '--from-git-tags']);
    for (const name of ['api-v1.0.0', 'web-v1.0.0']) repository.git('tag', name);

    const several = await aqe(root, ['history', 'import', '--from-git-tags']);

    expect([none.code, several.code]).toEqual([2, 2]);
    expect(none.err).toContain('no tag reads like a release');
    expect(several.err).toContain('several packages (api-, web-)');
  });

  test('prints hostile names as text', async () => {
    const { root } = project();
    const row = { version: 'v1', outcome: 'success', deployed_at: '2026-01-01T10:00:00Z', environment: 'a\u202eb[31m' };
    writeFileSync(join(root, 'h.ndjson'), JSON.stringify(row));

    const { code, out } = await aqe(root, ['history', 'import', 'h.ndjson']);

    expect(code).toBe(0);
    expect(out).toContain('a\\u{202e}b[31m');
  });

  test.runIf(hasPostgres)('keeps the same on PostgreSQL', async () => {
    const AQE_DATABASE_URL = await (await postgresServer()).freshSchema();
    const { root } = project();
    const file = join(mkdtempSync(join(root, 'x-')), 'd.json');
    writeFileSync(file, historyPage('gitlab/deployments'));
    const options = { env: { AQE_DATABASE_URL } };

    const first = await aqe(root, ['history', 'import', file], options);
    const second = await aqe(root, ['history', 'import', file], options);
    const said = await aqe(root, ['record', '--version', 'v1.2.0', '--outcome', 'hotfixed'], options);
    const status = await aqe(root, ['db', 'status'], options);

    expect(first.out).toContain('5 new, 0 amended, 0 known already');
    expect(second.out).toContain('0 new, 0 amended, 5 known already');
    expect(said.out).toContain('amends: rolled-back');
    expect(status.out).toMatch(/^outcomes {13}6, sha256/m);
    expect([first.code, second.code, said.code, status.code]).toEqual([0, 0, 0, 0]);
  });
});
