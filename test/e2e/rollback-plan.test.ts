import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Workspace } from '../../src/app/workspace.ts';
import type { OutcomeRecord, Store, StoredAssessment } from '../../src/ports/store.ts';
import { aqe, aqeWith, json } from '../support/cli.ts';
import { fencesOf } from '../support/docs.ts';
import { GitRepository, removeTemporaryFolders } from '../support/git-repository.ts';
import { emptyProject, project, type Project } from '../support/project.ts';
import { assessmentOf, outcomeOf } from '../support/stored-records.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const guide = fencesOf(readFileSync(fileOf('docs/guides/rollback-plan.md'), 'utf8')).filter(
  ({ language }) => language === 'yaml',
);
const clock: Workspace['clock'] = {
  now: () => new Date('2026-01-02T12:00:00.000Z'),
  zoneAt: () => ({ name: 'Etc/UTC', offsetMinutes: 0 }),
};

/** A store that remembers these, the newest first, and nothing else. */
function remembering(found: {
  readonly outcomes?: readonly OutcomeRecord[];
  readonly assessments?: readonly StoredAssessment[];
}): Pick<Workspace, 'store'> {
  const find = async (table: keyof typeof found) => found[table] ?? [];
  return { store: { find, close: async () => undefined } as unknown as Store };
}

interface Plan {
  readonly rollback_plan: {
    readonly [key: string]: unknown;
    readonly data_rollback: {
      readonly database_migrations: string;
      readonly migrations?: readonly { readonly file: string; readonly down_step: string }[];
    };
    readonly gaps: readonly string[];
  };
}

let shop: Project;

/** The service of the guide: its config, one migration with a down step and one without. */
beforeAll(() => {
  shop = project({ config: guide[0]!.text });
  shop.write('db/migrations/000001_gift_cards.up.sql', 'CREATE TABLE gift_cards (id bigint);\n');
  shop.write('db/migrations/000001_gift_cards.down.sql', 'DROP TABLE gift_cards;\n');
  shop.write('db/migrations/000002_old_vouchers.up.sql', 'ALTER TABLE orders DROP COLUMN voucher;\n');
  shop.repository.commit('feat: tables of gift cards', { hour: 3 });
});
afterAll(removeTemporaryFolders);

const release = ['rollback-plan', '--version', 'v2.5.0'] as const;
const past = remembering({
  outcomes: [
    ['v2.4.3', 'success', '2025-12-20'],
    ['v2.4.2', 'rolled-back', '2025-12-10'],
    ['v2.4.1', 'success', '2025-12-01'],
  ].map(([version = '', outcome = '', day = '']) =>
    outcomeOf(version, {
      version,
      outcome,
      deployment: version,
      deployedAt: `${day}T10:00:00.000Z`,
      facts: outcome === 'success' ? '{}' : `{"recoveredAt":"${day}T10:26:00.000Z"}`,
    }),
  ),
  assessments: [
    assessmentOf('a1', {
      createdAt: '2026-01-02T11:30:00.000Z',
      body: JSON.stringify({
        rollbackPrediction: {
          probability: 8.2,
          riskLevel: 'LOW',
          learnedFrom: { because: 'learned from 41 deployments' },
        },
      }),
    }),
  ],
});

test('the plan of the guide is the one that is written', async () => {
  const { code, out, err } = await aqeWith({ clock }, shop.root, release);

  expect({ code, err }).toEqual({ code: 0, err: 'exit 0: approved, or the command did its work\n' });
  await expect(out).toMatchFileSnapshot(fileOf('test/golden/rollback-plan.golden.yaml'));
  expect(parse(guide[1]!.text)).toEqual(parse(out));
});

test('recorded deployments and the newest assessment are in the plan', async () => {
  const { out } = await aqeWith({ clock, ...past }, shop.root, release);

  expect((parse(out) as Plan).rollback_plan).toMatchObject({
    previous_version: 'v2.4.3',
    previous_version_from:
      'the newest deployment before this release that is recorded as a success, of 2025-12-20T10:00:00.000Z',
    predicted_rollback_risk: '8.2% (LOW)',
    predicted_rollback_risk_from: 'assessment of 2026-01-02T11:30:00.000Z: learned from 41 deployments',
    estimated_rollback_time: '26 minutes from deployment to recovery (median, n = 1)',
    success_probability: 'not measured (1 past rollback, 5 are needed)',
  });
});

test('YAML and JSON hold the same plan, and markdown says it', async () => {
  const [yaml, asJson, page] = await Promise.all(
    ['yaml', 'json', 'markdown'].map((format) =>
      aqeWith({ clock, ...past }, shop.root, [...release, '--format', format]),
    ),
  );

  expect(json(asJson!)).toEqual({ schemaVersion: '1', ...(parse(yaml!.out) as object) });
  expect(page!.out).toContain('# Rollback plan: shop v2.5.0');
  expect(page!.out).toContain('- **Database migrations:** Partly reversible - 1 of 2 have a down step');
});

test('--strict is 1 for a plan with gaps and 0 for one without', async () => {
  const withGaps = await aqeWith({ clock }, shop.root, [...release, '--strict']);
  const other = await aqeWith({ clock, ...past }, shop.root, [...release, '--strict', '--revision', 'HEAD~1']);

  expect((parse(withGaps.out) as Plan).rollback_plan.gaps).toEqual([
    'migration without a down step: db/migrations/000002_old_vouchers.up.sql (no file with a down step)',
  ]);
  expect((parse(other.out) as Plan).rollback_plan.gaps).toEqual([]);
  expect([withGaps.code, other.code]).toEqual([1, 0]);
});

test('--output writes the file, for the checklist to find', async () => {
  const own = project({ runbook: false });

  const { code, out } = await aqe(own.root, [
    ...release,
    '--format',
    'markdown',
    '--output',
    'docs/runbooks/v2.5.0-rollback.md',
  ]);

  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(readFileSync(join(own.root, 'docs/runbooks/v2.5.0-rollback.md'), 'utf8')).toMatch(
    /^# Rollback plan: shop v2\.5\.0\n/,
  );
});

describe('without', () => {
  const planOf = async (root: string, ...flags: readonly string[]): Promise<Plan['rollback_plan']> => {
    const { code, out } = await aqe(root, [...release, ...flags]);
    expect(code).toBe(0);
    return (parse(out) as Plan).rollback_plan;
  };

  test('git, nothing is said about versions and migrations', async () => {
    const own = project({ history: 'none' });

    expect(await planOf(own.root)).toMatchObject({
      previous_version: 'not known',
      data_rollback: { database_migrations: 'not known: the project has no commit of the release' },
    });
  });

  test('an assessment, the risk is not known', async () => {
    const own = project();

    expect(await planOf(own.root)).toMatchObject({
      predicted_rollback_risk: 'not known: the release has not been assessed',
      data_rollback: { database_migrations: 'no migrations found in this release' },
    });
  });

  test('the release before it, nothing is said about migrations', async () => {
    const own = project();
    own.write('migrations/1_a.up.sql', 'SELECT 2;\n');
    own.repository.commit('feat: two');
    const shallow = emptyProject();
    new GitRepository(shallow.root, null).git(
      'clone',
      '--quiet',
      '--depth',
      '1',
      '--no-tags',
      `file://${own.root}`,
      'clone',
    );

    expect(await planOf(join(shallow.root, 'clone'))).toMatchObject({
      previous_version: 'not known',
      data_rollback: { database_migrations: 'not known: the release before it is not in this clone' },
    });
  });
});

test('files that are not what they seem have no down step, and none of them breaks the plan', async () => {
  const own = project();
  const nasty = 'db/migrate/20260102_\u202e\n# x: "y"\\u001b[2J.rb';
  own.write('db/migrations/001_big.up.sql', `SELECT 1;${' '.repeat(1024 * 1024)}`);
  own.write('db/migrations/002_nul.up.sql', 'SELECT \0;');
  own.write('db/migrations/003_bytes.up.sql', new Uint8Array([0xff, 0xfe, 0xc3, 0x28]));
  own.write('db/migrations/005_half.up.sql', 'SELECT 5;');
  own.write(nasty, 'def change\n  drop_table :a\nend\n');
  symlinkSync('/etc/hosts', join(own.root, 'db/migrations/004_link.up.sql'));
  symlinkSync('/etc/hosts', join(own.root, 'db/migrations/005_half.down.sql'));
  own.repository.commit('feat: nasty');

  const { code, out } = await aqe(own.root, [...release]);

  const { rollback_plan: plan } = parse(out) as Plan;
  const found = Object.fromEntries((plan.data_rollback.migrations ?? []).map((each) => [each.file, each.down_step]));
  expect(code).toBe(0);
  expect(plan.data_rollback.database_migrations).toBe('Not reversible - 0 of 6 have a down step');
  expect(found).toMatchObject({
    'db/migrations/001_big.up.sql': expect.stringMatching(/^unknown: it cannot be read: .*1048576/),
    'db/migrations/002_nul.up.sql': 'unknown: it is no text',
    'db/migrations/003_bytes.up.sql': 'missing: no file with a down step',
    'db/migrations/004_link.up.sql': 'unknown: it is not a regular file',
    'db/migrations/005_half.up.sql': 'unknown: its file with the down step: it is not a regular file',
    [nasty]: 'missing: change has drop_table, which Rails cannot reverse',
  });
  expect(out).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
});

test('a damaged row of an assessment is an error, a strange one is no prediction', async () => {
  const run = (body: string) =>
    aqeWith(remembering({ assessments: [assessmentOf('a', { body })] }), shop.root, [...release, '--json']);
  const strange = [
    '{}',
    '{"rollbackPrediction":{"probability":"8"}}',
    '{"rollbackPrediction":{"probability":1e9,"riskLevel":"LOW"}}',
  ];

  expect(await run('[')).toMatchObject({ code: 2, err: expect.stringContaining('AQE6002') });
  for (const body of strange)
    expect(json<Plan>(await run(body)).rollback_plan['predicted_rollback_risk']).toBe(
      'not known: its assessment has no prediction',
    );
  expect(
    json<Plan>(await run('{"rollbackPrediction":{"state":"missing","reason":"n = 0"}}')).rollback_plan[
      'predicted_rollback_risk'
    ],
  ).toBe('not known: n = 0');
});

test('many migrations are read up to a limit, and the rest is counted', async () => {
  const own = project();
  for (let index = 0; index < 205; index += 1) own.write(`db/changelog/${index}.sql`, 'SELECT 1;\n');
  own.write('db/changelog/000.sql', '--liquibase formatted sql\n--changeset a:1\nSELECT 2;\n--rollback SELECT 3;\n');
  own.repository.commit('feat: many');

  const { out } = await aqe(own.root, [...release]);

  expect((parse(out) as Plan).rollback_plan.data_rollback.database_migrations).toBe(
    'Partly reversible - 1 of 1 have a down step; 6 more files not looked at',
  );
}, 60_000);
