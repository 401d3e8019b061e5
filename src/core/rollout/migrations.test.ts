import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { downFilesOf, foldersBeside, isCandidate, migrationOf, migrationWords, type Migration } from './migrations.ts';
import { folderOf } from './migration-layout.ts';
import { migrationLayouts } from '../../../test/support/migration-files.ts';

/** What becomes of the first file of a release that holds these. */
function read(files: Readonly<Record<string, string>>): Migration | null {
  const [path = ''] = Object.keys(files);
  if (!isCandidate(path)) return null;
  const beside = Object.keys(files).filter((each) => folderOf(each) === folderOf(path));
  return migrationOf({ path, change: 'added' }, beside, (each) =>
    files[each] === undefined ? { problem: 'it was not read' } : { text: files[each] },
  );
}

describe.each(migrationLayouts.map((layout, index) => ({ name: `${layout.tool} ${index + 1}`, ...layout })))(
  '$name',
  ({ tool, reversible, final, because }) => {
    test('has a down step where one is written', () => {
      expect(read(reversible)).toMatchObject({ tool, downStep: 'present', because: '', losses: [] });
    });

    test('has none where none is written, or one that does nothing', () => {
      expect(read(final)).toMatchObject({ tool, downStep: 'missing', because, losses: [] });
    });
  },
);

test('JavaScript without a down step has none', () => {
  const text = 'export async function up(db) {\n  await db.migrate.down();\n}\n';

  expect(read({ 'migrations/1.mjs': text })).toMatchObject({ downStep: 'missing', because: 'no down step' });
});

test('what is no migration is none', () => {
  const others = {
    'src/up.ts': 'export const up = () => {};',
    'migrations/index.ts': "export * from './a.ts';",
    'migrations/1.spec.ts': 'export const up = () => {};',
    'migrations/__init__.py': '',
    'queries/orders.sql': 'SELECT 1;',
    'db/settings.yaml': 'a: 1',
    'db/000002_items.down.sql': 'DROP TABLE items;',
    'node_modules/knex/migrations/1.js': 'exports.up = (k) => k.a();',
  };

  for (const [path, text] of Object.entries(others)) expect([path, read({ [path]: text })]).toEqual([path, null]);
});

test('SQL in a folder of migrations of no known layout has no down step that is known', () => {
  expect(read({ 'migrations/002.sql': 'CREATE TABLE items (id int);' })).toMatchObject({
    tool: 'SQL',
    downStep: 'missing',
  });
});

test.each([
  ['DROP TABLE items;', ['drops a table']],
  ['drop\n table if exists items;', ['drops a table']],
  ['DROP/**/TABLE items;', ['drops a table']],
  ['ALTER TABLE items DROP COLUMN a;', ['drops a column']],
  ['ALTER TABLE items DROP a;', ['drops a column']],
  ['ALTER TABLE items ADD b int; TRUNCATE items; DELETE FROM items;', ['deletes rows', 'empties a table']],
  ["DO $$ BEGIN EXECUTE 'DROP TABLE items'; END $$;", ['drops a table']],
  ['/*! DROP TABLE items */;', ['drops a table']],
  ["INSERT INTO a VALUES ('it\\' -- '); DROP TABLE items;", ['drops a table']],
  ['-- DROP TABLE items\n/* TRUNCATE items */ SELECT 1;', []],
  ['ALTER TABLE items ALTER COLUMN a DROP NOT NULL; ALTER TABLE items DROP CONSTRAINT c; DROP INDEX i;', []],
  ['CREATE TABLE droplets (id int);', []],
])('the step up %j loses %j', (up, losses) => {
  expect(read({ 'migrations/1.up.sql': up, 'migrations/1.down.sql': 'SELECT 2;' })?.losses).toEqual(losses);
});

test('what the step down drops is no loss, what the step up drops is one', () => {
  const of = (up: string, down: string): string =>
    `class A < ActiveRecord::Migration[8.0]\n  def up\n    ${up}\n  end\n\n  def down\n    ${down}\n  end\nend\n`;
  const path = 'db/migrate/20260102090000_a.rb';

  expect(read({ [path]: of('create_table :a', 'drop_table :a') })?.losses).toEqual([]);
  expect(read({ [path]: of('remove_column :a, :b', 'add_column :a, :b, :string') })?.losses).toEqual([
    'drops a column',
  ]);
});

test('a file that cannot be read is a migration whose down step is not known', () => {
  const candidate = { path: 'db/migrate/20260102090000_a.rb', change: 'added' } as const;

  const found = migrationOf(candidate, [], () => ({ problem: 'it is no text' }));

  expect(found).toMatchObject({ downStep: 'unknown', because: 'it is no text', losses: [] });
});

test('a down file that cannot be read is no down step', () => {
  const found = migrationOf({ path: 'a/1_a.up.sql', change: 'added' }, ['a/1_a.down.sql'], (path) =>
    path.includes('down') ? { problem: 'it is not a regular file' } : { text: 'SELECT 2' },
  );

  expect(found).toMatchObject({
    downStep: 'unknown',
    because: 'its file with the down step: it is not a regular file',
  });
});

test('files that may hold the step down are looked for beside the migration only', () => {
  const candidates = [{ path: 'a/1_a.up.sql', change: 'added' } as const, { path: 'b/1.rb', change: 'added' } as const];

  expect(foldersBeside(candidates)).toEqual(['a/']);
  expect(downFilesOf('a/1_a.up.sql', ['a/1_a.down.sql', 'a/1_b.down.sql'])).toEqual(['a/1_a.down.sql']);
});

test('the words count the down steps and claim nothing more', () => {
  const of = (downStep: Migration['downStep']): Migration => ({
    path: 'a',
    change: 'added',
    tool: 'x',
    downStep,
    because: '',
    losses: [],
  });
  const words = (migrations: readonly Migration[], left = 0): string =>
    migrationWords({ known: true, migrations, left });

  expect(words([])).toBe('no migrations found in this release');
  expect(words([], 3)).toBe('not known; 3 more files not looked at');
  expect(words([of('present'), of('present')])).toBe('Reversible - 2 of 2 have a down step');
  expect(words([of('present'), of('unknown')])).toBe('Partly reversible - 1 of 2 have a down step');
  expect(words([of('missing')])).toBe('Not reversible - 0 of 1 have a down step');
  expect(words([of('present')], 1)).toBe('Partly reversible - 1 of 1 have a down step; 1 more file not looked at');
  expect(migrationWords({ known: false, because: 'no git' })).toBe('not known: no git');
});

const paths = [...new Set(migrationLayouts.flatMap(({ reversible }) => Object.keys(reversible).slice(0, 1)))];
const pieces = fc.constantFrom(
  ...'{}()[];,\'"`#/*-\n =>\\ '.split(''),
  'def up\n',
  'def downgrade():',
  'exports.down',
  '-- +goose Down\n',
  '<changeSet',
  '<rollback',
  'down_revision = 1\n',
  'migrations.Migration RunPython(',
  'goose.AddMigration(a, b)',
  'alter table ',
  'drop ',
  '\u202e',
);

test('no text makes reading fail, and every answer is one of the three', () => {
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.array(pieces, { maxLength: 60 }), fc.string(), (path, some, other) => {
      const found = read({ [path]: some.join('') + other });

      expect([undefined, 'present', 'missing', 'unknown']).toContain(found?.downStep);
      expect(found === null || (found.downStep === 'present') === (found.because === '')).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['spaces', ' '],
  ['lines', '\n'],
  ['opening braces', 'exports.up = {'],
  ['open comments', '/*'],
  ['quotes', '"\''],
  ['alter table', 'alter table a drop '],
  ['change sets', '<changeSet'],
  ['marks', '-- +goose Up\n'],
  ['calls', 'RunPython( migrations.Migration '],
  ['words', 'remove_column a, '],
])(
  'a hundred thousand characters of %s are read in little time',
  (_, piece) => {
    const text = piece.repeat(Math.floor(100_000 / piece.length));
    const start = performance.now();

    for (const path of paths) read({ [path]: text });

    expect(performance.now() - start).toBeLessThan(8_000);
  },
  20_000,
);
