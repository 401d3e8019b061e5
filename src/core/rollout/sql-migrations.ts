import { folderOf, isBelow, nameOf, type MigrationLayout } from './migration-layout.ts';
import { doesSql, sqlCode } from './migration-text.ts';

const noFile = 'no file with a down step';
const emptyFile = 'its file with the down step does nothing';

function twoFiles(
  title: string,
  fits: MigrationLayout['fits'],
  down: NonNullable<MigrationLayout['down']>,
): MigrationLayout {
  return {
    title,
    fits,
    down,
    read: (text, downText) => ({
      up: sqlCode(text),
      lacks: downText === null ? noFile : doesSql(downText) ? null : emptyFile,
    }),
  };
}

/** Steps that are marked by comments within one file. `at` finds the marks; what follows them is theirs. */
function oneFile(title: string, up: RegExp, down: RegExp): MigrationLayout {
  return {
    title,
    fits: (path) => path.endsWith('.sql'),
    read(text) {
      const parts = new Map<'up' | 'down', string[]>();
      let inside: 'up' | 'down' | null = null;
      for (const line of text.split('\n')) {
        if (up.test(line)) inside = 'up';
        else if (down.test(line)) inside = 'down';
        else if (inside !== null)
          parts
            .set(inside, parts.get(inside) ?? [])
            .get(inside)!
            .push(line);
        if (inside !== null && !parts.has(inside)) parts.set(inside, []);
      }
      if (!parts.has('up')) return null;
      const back = parts.get('down');
      const lacks =
        back === undefined ? 'no down section' : doesSql(back.join('\n')) ? null : 'its down section does nothing';
      return { up: sqlCode(parts.get('up')!.join('\n')), lacks };
    },
  };
}

/** The part of a Flyway name that both files of a version share: `V1_2__x.sql` → `1_2`. */
function flywayVersion(name: string, prefix: 'V' | 'U'): string | null {
  return new RegExp(`^${prefix}(\\d[\\d._]{0,60}?)__[^]*\\.sql$`).exec(name)?.[1]?.replaceAll('.', '_') ?? null;
}

const flyway = twoFiles(
  'Flyway',
  (path) => flywayVersion(nameOf(path), 'V') !== null,
  (path, beside) => {
    const version = flywayVersion(nameOf(path), 'V');
    return beside.find((each) => flywayVersion(nameOf(each), 'U') === version) ?? null;
  },
);

const repeatable: MigrationLayout = {
  title: 'Flyway (repeatable)',
  fits: (path) => /^R__[^]*\.sql$/.test(nameOf(path)),
  read: (text) => ({ up: sqlCode(text), lacks: 'the version before has to be run again' }),
};

const upAndDown = twoFiles(
  'golang-migrate',
  (path) => /^\d+_[^]*\.up\.sql$/.test(nameOf(path)),
  (path, beside) => only(beside, path.replace(/\.up\.sql$/, '.down.sql')),
);

const diesel = twoFiles(
  'Diesel',
  (path) => nameOf(path) === 'up.sql' && isBelow(path, ['migrations']),
  (path, beside) => only(beside, `${folderOf(path)}down.sql`),
);

const prisma: MigrationLayout = {
  title: 'Prisma',
  fits: (path) => nameOf(path) === 'migration.sql' && isBelow(path, ['migrations']),
  down: (path, beside) => only(beside, `${folderOf(path)}down.sql`),
  read: (text, down) => ({
    up: sqlCode(text),
    lacks: down === null ? 'Prisma has no down steps' : doesSql(down) ? null : emptyFile,
  }),
};

const goose = oneFile('goose', /^\s*--\s*\+goose\s+up\b/i, /^\s*--\s*\+goose\s+down\b/i);
const sqlMigrate = oneFile('sql-migrate', /^\s*--\s*\+migrate\s+up\b/i, /^\s*--\s*\+migrate\s+down\b/i);
const dbmate = oneFile('dbmate', /^\s*--\s*migrate:up\b/i, /^\s*--\s*migrate:down\b/i);

/** In a folder of migrations, and of no layout that is known. */
const plain: MigrationLayout = {
  title: 'SQL',
  fits: (path) => path.endsWith('.sql') && isBelow(path, ['migrations', 'migration', 'migrate', 'drizzle']),
  read: (text) => ({ up: sqlCode(text), lacks: 'no down step that is known here' }),
};

export const sqlLayouts: readonly MigrationLayout[] = [
  flyway,
  repeatable,
  upAndDown,
  diesel,
  prisma,
  goose,
  sqlMigrate,
  dbmate,
];
export const fallbackLayouts: readonly MigrationLayout[] = [plain];

/** Files that only take back what another one did. */
export function isDownFile(path: string): boolean {
  const name = nameOf(path);
  return name === 'down.sql' || name.endsWith('.down.sql') || flywayVersion(name, 'U') !== null;
}

function only(beside: readonly string[], path: string): string | null {
  return beside.includes(path) ? path : null;
}
