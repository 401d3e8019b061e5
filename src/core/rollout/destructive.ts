/** What a step up takes away for good: a step down makes the table or column again, and not what stood in it. */
export type Loss = 'drops a table' | 'drops a column' | 'drops a schema' | 'empties a table' | 'deletes rows';

const calls: readonly (readonly [RegExp, Loss])[] = [
  [/\b(?:drop_table|drop_join_table|dropTable(?:IfExists)?|DropTable|DeleteModel|dropAllTables)\b/, 'drops a table'],
  [/\bSchema::drop(?:IfExists)?\b/, 'drops a table'],
  [
    /\b(?:remove_columns?|remove_reference|remove_belongs_to|remove_timestamps|drop_column|dropColumns?|DropColumn|removeColumn|RemoveField)\b/,
    'drops a column',
  ],
  [/\b(?:dropSchema(?:IfExists)?|DropSchema|drop_schema)\b/, 'drops a schema'],
  [/\b(?:delete_all|destroy_all|bulkDelete|DeleteData)\b/, 'deletes rows'],
];
const statements: readonly (readonly [RegExp, Loss])[] = [
  [/\bdrop\s+table\b/i, 'drops a table'],
  [/\bdrop\s+(?:schema|database|owned)\b/i, 'drops a schema'],
  [/\btruncate\b/i, 'empties a table'],
  [/\bdelete\s+from\b/i, 'deletes rows'],
];
/** After `drop` in `alter table`: no column goes away with these. */
const droppedBeside =
  /\bdrop\s+(?!constraint\b|index\b|key\b|primary\b|foreign\b|check\b|default\b|not\b|identity\b|expression\b|trigger\b|table\b)\S/i;

/** What the code of a step up, without comments, may take away; each once. */
export function lossesOf(up: string): readonly Loss[] {
  const found = new Set<Loss>(calls.flatMap(([words, loss]) => (words.test(up) ? [loss] : [])));
  for (const statement of up.split(';')) {
    for (const [words, loss] of statements) if (words.test(statement)) found.add(loss);
    if (/\balter\s+table\b/i.test(statement) && droppedBeside.test(statement)) found.add('drops a column');
  }
  return [...found].sort();
}
