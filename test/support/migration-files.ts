/** Each layout, as its tool writes it: with a down step, and without. */
export const migrationLayouts: readonly {
  readonly tool: string;
  readonly reversible: Readonly<Record<string, string>>;
  readonly final: Readonly<Record<string, string>>;
  readonly because: string;
}[] = [
  {
    tool: 'Flyway',
    reversible: {
      'src/main/resources/db/migration/V1.2__add_orders.sql': 'CREATE TABLE orders (id bigint);\n',
      'src/main/resources/db/migration/U1_2__take_orders_back.sql': 'DROP TABLE orders;\n',
    },
    final: {
      'sql/V2__add_items.sql': 'CREATE TABLE items (id bigint);\n',
      'sql/U1__other.sql': 'DROP TABLE orders;\n',
    },
    because: 'no file with a down step',
  },
  {
    tool: 'golang-migrate',
    reversible: {
      'db/000002_items.up.sql': 'CREATE TABLE items (id bigint);\n',
      'db/000002_items.down.sql': 'DROP TABLE items;\n',
    },
    final: {
      'db/000002_items.up.sql': 'CREATE TABLE items (id bigint);\n',
      'db/000002_items.down.sql': '-- nothing\n',
    },
    because: 'its file with the down step does nothing',
  },
  {
    tool: 'Diesel',
    reversible: {
      'migrations/2026-01-02-0900_items/up.sql': 'CREATE TABLE items (id bigint);\n',
      'migrations/2026-01-02-0900_items/down.sql': 'DROP TABLE items;\n',
    },
    final: { 'migrations/2026-01-02-0900_items/up.sql': 'CREATE TABLE items (id bigint);\n' },
    because: 'no file with a down step',
  },
  {
    tool: 'Prisma',
    reversible: {
      'prisma/migrations/20260102090000_items/migration.sql': '-- CreateTable\nCREATE TABLE "Item" ("id" INTEGER);\n',
      'prisma/migrations/20260102090000_items/down.sql': 'DROP TABLE "Item";\n',
    },
    final: {
      'prisma/migrations/20260102090000_items/migration.sql': '-- CreateTable\nCREATE TABLE "Item" ("id" INTEGER);\n',
    },
    because: 'Prisma has no down steps',
  },
  {
    tool: 'goose',
    reversible: {
      'db/migrations/00002_items.sql':
        '-- +goose Up\nCREATE TABLE items (id bigint);\n\n-- +goose Down\nDROP TABLE items;\n',
    },
    final: {
      'db/migrations/00002_items.sql': '-- +goose Up\nCREATE TABLE items (id bigint);\n\n-- +goose Down\nSELECT 1;\n',
    },
    because: 'its down section does nothing',
  },
  {
    tool: 'goose (Go)',
    reversible: {
      'migrations/00003_backfill.go':
        'package migrations\n\nfunc init() {\n\tgoose.AddMigrationContext(upBackfill, downBackfill)\n}\n\nfunc upBackfill(ctx context.Context, tx *sql.Tx) error {\n\t_, err := tx.Exec("UPDATE items SET a = 1")\n\treturn err\n}\n\nfunc downBackfill(ctx context.Context, tx *sql.Tx) error {\n\t_, err := tx.Exec("UPDATE items SET a = NULL")\n\treturn err\n}\n',
    },
    final: {
      'migrations/00003_backfill.go':
        'package migrations\n\nfunc init() {\n\tgoose.AddMigrationContext(upBackfill, downBackfill)\n}\n\nfunc upBackfill(ctx context.Context, tx *sql.Tx) error {\n\t_, err := tx.Exec("UPDATE items SET a = 1")\n\treturn err\n}\n\nfunc downBackfill(ctx context.Context, tx *sql.Tx) error {\n\treturn nil\n}\n',
    },
    because: 'its down step does nothing',
  },
  {
    tool: 'sql-migrate',
    reversible: {
      'db/2_items.sql': '-- +migrate Up\nCREATE TABLE items (id int);\n-- +migrate Down\nDROP TABLE items;\n',
    },
    final: { 'db/2_items.sql': '-- +migrate Up\nCREATE TABLE items (id int);\n' },
    because: 'no down section',
  },
  {
    tool: 'dbmate',
    reversible: {
      'db/migrations/20260102090000_items.sql':
        '-- migrate:up\ncreate table items (id int);\n\n-- migrate:down\ndrop table items;\n',
    },
    final: {
      'db/migrations/20260102090000_items.sql': '-- migrate:up\ncreate table items (id int);\n\n-- migrate:down\n\n',
    },
    because: 'its down section does nothing',
  },
  {
    tool: 'Liquibase',
    reversible: {
      'db/changelog/0002-items.sql':
        '--liquibase formatted sql\n\n--changeset ada:1\nCREATE TABLE items (id INT);\n--rollback DROP TABLE items;\n',
    },
    final: {
      'db/changelog/0002-items.sql':
        '--liquibase formatted sql\n\n--changeset ada:1\nCREATE TABLE items (id INT);\n--rollback DROP TABLE items;\n\n--changeset ada:2\nUPDATE items SET id = 1;\n',
    },
    because: '1 of 2 change sets cannot be taken back',
  },
  {
    tool: 'Liquibase',
    reversible: {
      'db/changelog.xml':
        '<databaseChangeLog>\n<changeSet id="1" author="ada"><createTable tableName="items"><column name="id" type="int"/></createTable></changeSet>\n<changeSet id="2" author="ada"><sql>update items set id = 1</sql><rollback/></changeSet>\n</databaseChangeLog>\n',
    },
    final: {
      'db/changelog.xml':
        '<databaseChangeLog>\n<!-- <rollback/> -->\n<changeSet id="2" author="ada"><sql>update items set id = 1</sql></changeSet>\n</databaseChangeLog>\n',
    },
    because: '1 of 1 change sets cannot be taken back',
  },
  {
    tool: 'Liquibase',
    reversible: {
      'db/changelog/items.yaml':
        'databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: ada\n      changes:\n        - createTable:\n            tableName: items\n',
    },
    final: {
      'db/changelog/items.yaml':
        'databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: ada\n      changes:\n        - loadData:\n            tableName: items\n',
    },
    because: '1 of 1 change sets cannot be taken back',
  },
  {
    tool: 'Rails',
    reversible: {
      'db/migrate/20260102090000_add_items.rb':
        'class AddItems < ActiveRecord::Migration[8.0]\n  def change\n    create_table :items do |t|\n      t.timestamps\n    end\n  end\nend\n',
    },
    final: {
      'db/migrate/20260102090000_add_items.rb':
        'class AddItems < ActiveRecord::Migration[8.0]\n  def change\n    execute "UPDATE items SET a = 1"\n  end\nend\n',
    },
    because: 'change has execute, which Rails cannot reverse',
  },
  {
    tool: 'Rails',
    reversible: {
      'db/migrate/20260102090000_fill.rb':
        'class Fill < ActiveRecord::Migration[8.0]\n  def up\n    execute "UPDATE items SET a = 1"\n  end\n\n  def down\n    execute "UPDATE items SET a = 0"\n  end\nend\n',
    },
    final: {
      'db/migrate/20260102090000_fill.rb':
        'class Fill < ActiveRecord::Migration[8.0]\n  def up\n    execute "UPDATE items SET a = 1"\n  end\n\n  def down\n    raise ActiveRecord::IrreversibleMigration\n  end\nend\n',
    },
    because: 'its down step does nothing',
  },
  {
    tool: 'Django',
    reversible: {
      'shop/migrations/0002_items.py':
        'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = [\n        migrations.AddField("item", "sku", None),\n        migrations.RunPython(fill, migrations.RunPython.noop),\n        migrations.RunSQL("select 1", reverse_sql="select 2"),\n    ]\n',
    },
    final: {
      'shop/migrations/0002_items.py':
        'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = [\n        migrations.RunPython(fill),\n        migrations.RunSQL("update a, b", elidable=True),\n    ]\n',
    },
    because: 'RunPython and RunSQL without a reverse',
  },
  {
    tool: 'Alembic',
    reversible: {
      'alembic/versions/1a2b_items.py':
        'revision = "1a2b"\ndown_revision = None\n\n\ndef upgrade() -> None:\n    op.create_table("items")\n\n\ndef downgrade() -> None:\n    op.drop_table("items")\n',
    },
    final: {
      'alembic/versions/1a2b_items.py':
        'revision = "1a2b"\ndown_revision = None\n\n\ndef upgrade() -> None:\n    op.create_table("items")\n\n\ndef downgrade() -> None:\n    """Nothing: see the runbook."""\n    pass\n',
    },
    because: 'its down step does nothing',
  },
  {
    tool: 'EF Core',
    reversible: {
      'Migrations/20260102090000_Items.cs':
        'public partial class Items : Migration\n{\n    protected override void Up(MigrationBuilder b)\n    {\n        b.CreateTable(name: "Items");\n    }\n\n    protected override void Down(MigrationBuilder b)\n    {\n        b.DropTable(name: "Items");\n    }\n}\n',
    },
    final: {
      'Migrations/20260102090000_Items.cs':
        'public partial class Items : Migration\n{\n    protected override void Up(MigrationBuilder b)\n    {\n        b.CreateTable(name: "Items");\n    }\n\n    protected override void Down(MigrationBuilder b)\n    {\n    }\n}\n',
    },
    because: 'its down step does nothing',
  },
  {
    tool: 'Laravel',
    reversible: {
      'database/migrations/2026_01_02_090000_items.php':
        "<?php\nreturn new class extends Migration {\n    public function up(): void\n    {\n        Schema::create('items', function (Blueprint $t) { $t->id(); });\n    }\n    public function down(): void\n    {\n        Schema::dropIfExists('items');\n    }\n};\n",
    },
    final: {
      'database/migrations/2026_01_02_090000_items.php':
        "<?php\nreturn new class extends Migration {\n    public function up(): void\n    {\n        Schema::create('items', function (Blueprint $t) { $t->id(); });\n    }\n};\n",
    },
    because: 'no down step',
  },
  ...[
    // Knex, with functions and with arrows.
    [
      "exports.up = function (knex) {\n  return knex.schema.createTable('items', (t) => { t.increments(); });\n};\nexports.down = function (knex) {\n  return knex.schema.dropTable('items');\n};\n",
      "exports.up = function (knex) {\n  return knex.schema.createTable('items', (t) => { t.increments(); });\n};\nexports.down = function () {\n  return Promise.resolve();\n};\n",
    ],
    [
      "exports.up = (knex) => knex.schema.createTable('items')\n\nexports.down = (knex) => knex.schema.dropTable('items')\n",
      "exports.up = (knex) => knex.schema.createTable('items')\n\nexports.down = false\n",
    ],
    // Sequelize.
    [
      "module.exports = {\n  up: async (queryInterface, Sequelize) => {\n    await queryInterface.createTable('items', { id: Sequelize.INTEGER });\n  },\n  down: async (queryInterface) => {\n    await queryInterface.dropTable('items');\n  },\n};\n",
      "module.exports = {\n  async up({ context: queryInterface }) {\n    await queryInterface.createTable('items', {});\n  },\n  async down() {\n    throw new Error('cannot be taken back');\n  },\n};\n",
    ],
    // TypeORM.
    [
      'export class Items1767344400000 implements MigrationInterface {\n  public async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(`CREATE TABLE "items" ("id" int)`);\n  }\n\n  public async down(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(`DROP TABLE "items"`);\n  }\n}\n',
      'export class Items1767344400000 implements MigrationInterface {\n  public async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(`CREATE TABLE "items" ("id" int)`);\n  }\n\n  public async down(queryRunner: QueryRunner): Promise<void> {}\n}\n',
    ],
    // Kysely.
    [
      "import { type Kysely } from 'kysely';\n\nexport async function up(db: Kysely<any>): Promise<void> {\n  await db.schema.createTable('items').execute();\n}\n\nexport async function down(db: Kysely<any>): Promise<void> {\n  await db.schema.dropTable('items').execute();\n}\n",
      "import { type Kysely } from 'kysely';\n\nexport async function up(db: Kysely<any>): Promise<void> {\n  await db.schema.createTable('items').execute();\n}\n\nexport const down = async () => {\n  // nothing\n};\n",
    ],
  ].map(([reversible = '', final = '']) => ({
    tool: 'JavaScript or TypeScript',
    reversible: { 'db/migrations/20260102090000_items.ts': reversible },
    final: { 'db/migrations/20260102090000_items.ts': final },
    because: 'its down step does nothing',
  })),
];
