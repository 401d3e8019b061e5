import { isBelow, nameOf, type MigrationLayout, type MigrationText } from './migration-layout.ts';
import {
  bodyAfter,
  braceSyntax,
  doesAnything,
  indentedAfter,
  lexed,
  pythonSyntax,
  rubySyntax,
  type Lexed,
} from './migration-text.ts';

const noDown = 'no down step';
const idleDown = 'its down step does nothing';
const folders = ['migrations', 'migration'];

interface Words {
  readonly up: RegExp;
  readonly down: RegExp;
}

/** Migrations of a language with braces, in which both steps are functions. */
function inBraces(title: string, fits: MigrationLayout['fits'], words: Words): MigrationLayout {
  return {
    title,
    fits,
    read(text) {
      const found = lexed(text, braceSyntax);
      const up = functionOf(found, words.up);
      if (up === null) return null;
      const down = functionOf(found, words.down);
      return { up: up.code, lacks: lackOf(down) };
    },
  };
}

function functionOf({ code, bare }: Lexed, head: RegExp): Lexed | null {
  const match = head.exec(bare);
  if (match === null) return null;
  const { start, end } = bodyAfter(bare, match.index + match[0].length);
  return { code: code.slice(start, end), bare: bare.slice(start, end) };
}

function lackOf(down: Lexed | null): string | null {
  if (down === null) return noDown;
  return doesAnything(down.bare.replace(/^\s*=(?!>)/, '')) ? null : idleDown;
}

/** How JavaScript and TypeScript write a function of this name. Parentheses that follow are left for what reads the body. */
function functionNamed(name: string): RegExp {
  return new RegExp(
    `\\bexports\\.${name}\\b|\\bexport (?:async )?function ${name}\\b|\\bexport (?:const|let|var) ${name}\\b|(?<![.\\w$])(?:async )?${name} ?(?=[:=(])`,
  );
}

const script = inBraces(
  'JavaScript or TypeScript',
  (path) => /\.[cm]?[jt]s$/.test(path) && !/\.(?:d|test|spec)\.[cm]?[jt]s$/.test(path) && isBelow(path, folders),
  { up: functionNamed('up'), down: functionNamed('down') },
);

const entityFramework = inBraces(
  'EF Core',
  (path) => path.endsWith('.cs') && !path.endsWith('.Designer.cs') && isBelow(path, folders),
  { up: /\boverride void Up ?(?=\()/, down: /\boverride void Down ?(?=\()/ },
);

const laravel = inBraces('Laravel', (path) => path.endsWith('.php') && isBelow(path, folders), {
  up: /\bfunction up ?(?=\()/,
  down: /\bfunction down ?(?=\()/,
});

const gooseInGo: MigrationLayout = {
  title: 'goose (Go)',
  fits: (path) => path.endsWith('.go') && !path.endsWith('_test.go') && isBelow(path, folders),
  read(text) {
    const found = lexed(text, braceSyntax);
    const call = /\bgoose\.AddMigration(?:NoTx)?(?:Context|NoTxContext)? ?\(([^()]{0,400})\)/.exec(found.bare);
    if (call === null) return null;
    const [up = '', down = ''] = call[1]!.split(',').map((each) => each.trim());
    const named = (name: string): Lexed | null =>
      /^\w{1,200}$/.test(name) ? functionOf(found, new RegExp(`\\bfunc ${name} ?(?=\\()`)) : null;
    return { up: named(up)?.code ?? found.code, lacks: down === 'nil' ? noDown : lackOf(named(down)) };
  },
};

/** The body of a function that begins with a line like `head` and is indented below it. */
function indentedFunction({ code, bare }: Lexed, head: RegExp): Lexed | null {
  const lines = bare.split('\n');
  const at = lines.findIndex((line) => head.test(line));
  if (at < 0) return null;
  const { start, end } = indentedAfter(lines, at);
  const rest = lines[at]!.replace(head, '');
  return {
    code: code.split('\n').slice(at, end).join('\n'),
    bare: [rest, ...lines.slice(start, end)].join('\n'),
  };
}

const alembic: MigrationLayout = {
  title: 'Alembic',
  fits: (path) => path.endsWith('.py') && isBelow(path, ['versions']),
  read(text) {
    const found = lexed(text, pythonSyntax);
    if (!/^down_revision\b/m.test(found.bare)) return null;
    const up = indentedFunction(found, /^ *def upgrade *\([^)]{0,400}\)[^:]{0,100}:/);
    const down = indentedFunction(found, /^ *def downgrade *\([^)]{0,400}\)[^:]{0,100}:/);
    return up && { up: up.code, lacks: lackOf(down) };
  },
};

const django: MigrationLayout = {
  title: 'Django',
  fits: (path) => path.endsWith('.py') && isBelow(path, ['migrations']) && nameOf(path) !== '__init__.py',
  read(text) {
    const { code, bare } = lexed(text, pythonSyntax);
    if (!/\bmigrations\.Migration\b|\bclass Migration\b/.test(bare)) return null;
    const final = (['RunPython', 'RunSQL'] as const).filter((operation) =>
      argumentsOf(bare, operation).some((given) => given.length < 2 || given.slice(1).every(isNoReverse)),
    );
    return { up: code, lacks: final.length === 0 ? null : `${final.join(' and ')} without a reverse` };
  },
};

/** Calls and characters of one call that are looked at: nobody writes more. Whatever is cut off has no reverse. */
const mostCalls = 200;
const longestCall = 50_000;

/** Arguments of each call of a name, as they stand in `bare`. */
function argumentsOf(bare: string, name: string): readonly (readonly string[])[] {
  const calls = [...bare.matchAll(new RegExp(`\\b${name}\\(`, 'g'))];
  if (calls.length > mostCalls) return [[]];
  return calls.map((match) => {
    const given: string[] = [''];
    let depth = 1;
    const start = match.index + match[0].length;
    for (let at = start; at < bare.length; at += 1) {
      if (at - start > longestCall) return [];
      const character = bare[at]!;
      if ('([{'.includes(character)) depth += 1;
      else if (')]}'.includes(character) && (depth -= 1) === 0) break;
      if (character === ',' && depth === 1) given.push('');
      else given.push(given.pop()! + character);
    }
    return given.map((each) => each.trim()).filter((each) => each !== '');
  });
}

function isNoReverse(argument: string): boolean {
  const [, key = '', value = argument] = /^(\w{1,60}) ?=(.*)$/s.exec(argument) ?? [];
  return (key !== '' && !key.startsWith('reverse')) || value.trim() === 'None';
}

const rails: MigrationLayout = {
  title: 'Rails',
  fits: (path) => /(?:^|\/)db\/(?:\w{1,60}_)?migrate\/[^/]*\.rb$/.test(path),
  read(text): MigrationText | null {
    const found = lexed(text, rubySyntax);
    const both = indentedFunction(found, /^ *def (?:self\.)?change\b/);
    const up = indentedFunction(found, /^ *def (?:self\.)?up\b/);
    if (both !== null) return { up: both.code, lacks: unchangeable(both.bare) };
    return up && { up: up.code, lacks: lackOf(indentedFunction(found, /^ *def (?:self\.)?down\b/)) };
  },
};

/** What Rails refuses to turn round in `change`. */
function unchangeable(change: string): string | null {
  if (/\breversible\b/.test(change) && /\.down\b/.test(change)) return null;
  const word =
    /\b(execute|change_column(?!_null|_default|_comment)|remove_columns|drop_table(?!.{0,500}\bdo\b))\b/.exec(
      change,
    )?.[1];
  const untyped = /\bremove_column\b *\(? *[^,\n]{1,200},[^,\n]{1,200}(?:\n|$)/.test(change)
    ? 'remove_column without a type'
    : undefined;
  const found = word ?? untyped;
  return found === undefined ? null : `change has ${found}, which Rails cannot reverse`;
}

/** From the most particular to the most general. */
export const codeLayouts: readonly MigrationLayout[] = [
  rails,
  alembic,
  django,
  entityFramework,
  laravel,
  gooseInGo,
  script,
];
