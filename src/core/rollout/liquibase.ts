import { isBelow, nameOf, type MigrationLayout } from './migration-layout.ts';
import { sqlCode } from './migration-text.ts';

/** Changes that Liquibase takes back without being told how, and those that it does not. */
const reversible = new Set(
  'addColumn addDefaultValue addForeignKeyConstraint addLookupTable addNotNullConstraint addPrimaryKey addUniqueConstraint createIndex createSequence createTable createView dropNotNullConstraint renameColumn renameSequence renameTable renameView'.split(
    ' ',
  ),
);
const final = new Set(
  'sql sqlFile insert update delete loadData loadUpdateData dropTable dropColumn dropView dropIndex dropSequence dropPrimaryKey dropForeignKeyConstraint dropAllForeignKeyConstraints dropUniqueConstraint dropDefaultValue dropProcedure modifyDataType customChange executeCommand createProcedure mergeColumns addAutoIncrement alterSequence setTableRemarks setColumnRemarks'.split(
    ' ',
  ),
);

interface Form {
  readonly ending: RegExp;
  /** The text without its comments, as far as they could hold change sets. */
  readonly clean: (text: string) => string;
  readonly isOne: (text: string) => boolean;
  /** Begins a change set. */
  readonly set: RegExp;
  readonly rollback: RegExp;
  /** Names that may be names of changes; null: the form has only SQL. */
  readonly names: RegExp | null;
  /** Without comments and rollbacks. */
  readonly up: (set: string) => string;
}

const forms: readonly Form[] = [
  {
    ending: /\.sql$/,
    clean: (text) => text,
    isOne: (text) => /^\s*--\s*liquibase formatted sql/i.test(text),
    set: /^[ \t]*--[ \t]*changeset[ \t]/im,
    rollback: /^[ \t]*--[ \t]*rollback\b|\/\* ?liquibase rollback\b/im,
    names: null,
    up: sqlCode,
  },
  {
    ending: /\.xml$/,
    clean: (text) => without(text, '<!--', '-->'),
    isOne: (text) => text.includes('<databaseChangeLog'),
    set: /<changeSet\b/,
    rollback: /<rollback\b/,
    names: /<(?:\w{1,40}:)?(\w{1,60})(?=[\s/>])/g,
    up: (set) => without(set, '<rollback', '</rollback>'),
  },
  {
    ending: /\.(?:ya?ml|json)$/,
    clean: (text) => text,
    isOne: (text) => /^[ \t{"]{0,20}databaseChangeLog\b/m.test(text),
    set: /["']?changeSet["']?\s{0,20}:/,
    rollback: /["']?\brollback\b["']?\s{0,20}:/,
    names: /["']?\b(\w{1,60})["']?\s{0,20}:/g,
    // What a rollback does cannot be told from the rest by its lines alone: all of it is looked at.
    up: (set) => set,
  },
];

/** Change logs, which hold change sets. A change log has a down step if each of its sets can be taken back. */
export const liquibase: readonly MigrationLayout[] = forms.map(
  ({ ending, clean, isOne, set, rollback, names, up }): MigrationLayout => ({
    title: 'Liquibase',
    fits: (path) =>
      ending.test(path) &&
      (/change-?log/i.test(nameOf(path)) ||
        isBelow(path, ['changelog', 'changelogs', 'liquibase', 'migrations', 'migration', 'changes', 'db'])),
    read(whole) {
      const text = clean(whole);
      const sets = isOne(text) ? text.split(new RegExp(set, `${set.flags}g`)).slice(1) : [];
      if (sets.length === 0) return null;
      const lacking = sets.filter((each) => !rollback.test(each) && !takesItselfBack(each, names)).length;
      return {
        up: sets.map(up).join('\n;\n'),
        lacks: lacking === 0 ? null : `${lacking} of ${sets.length} change sets cannot be taken back`,
      };
    },
  }),
);

function takesItselfBack(set: string, names: RegExp | null): boolean {
  if (names === null) return false;
  const changes = [...set.matchAll(names)].map(([, name = '']) => name);
  return changes.some((name) => reversible.has(name)) && !changes.some((name) => final.has(name));
}

/** The text without everything between two marks. What is not closed reaches to the end. */
function without(text: string, open: string, close: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    if (start < 0) return parts.concat(text.slice(from)).join('');
    parts.push(text.slice(from, start));
    const end = text.indexOf(close, start);
    if (end < 0) return parts.join('');
    from = end + close.length;
  }
}
