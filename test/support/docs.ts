import type { AnyCommand } from '../../src/surfaces/cli/command.ts';

interface Fence {
  readonly language: string;
  readonly text: string;
}

/** Fenced blocks of a page, without the indentation of the fence. */
export function fencesOf(markdown: string): readonly Fence[] {
  return [...markdown.matchAll(/^( *)(`{3,})([\w-]*)[^\n]*\n([\s\S]*?)^\1\2 *$/gm)].map(
    ([, indent = '', , language = '', text = '']) => ({
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** Targets of the links of a page; code is left out. */
export function linksOf(markdown: string): readonly string[] {
  const prose = withoutFences(markdown).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, target = '']) => target);
}

/** Anchors of the headings of a page, as GitHub makes them. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(markdown).matchAll(/^#{1,6} +(.+?) *#* *$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\\(?=\W)/g, '');
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm, '');
}

/** The words behind `aqe` or `aqe-deploy` of every call in a block of commands; `deploy` is left out. */
export function aqeCalls({ language, text }: Fence): readonly (readonly string[])[] {
  if (!['sh', 'bash', 'yaml', 'yml'].includes(language)) return [];
  return text
    .replace(/\\\n\s*/g, ' ')
    .replace(/\$\{\{.*?\}\}/g, 'EXPRESSION')
    .split('\n')
    .flatMap(simpleCommands)
    .flatMap((words) => {
      const start = words[0] === 'npx' ? 1 : 0;
      if (words[start] !== 'aqe' && words[start] !== 'aqe-deploy') return [];
      const rest = words.slice(start + 1);
      return [rest[0] === 'deploy' ? rest.slice(1) : rest];
    });
}

/** Commands of one line, each as words: quoted text is one word, redirections and comments are left out. */
function simpleCommands(line: string): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  const bare = line.replace(/^\s*(?:- )?(?:run:\s*)?(?:\$ )?/, '');
  for (const [word] of bare.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"';|&<>()#]|(?<=\S)#)+|&&|\|\||[;|&()<>#]+/g)) {
    if (word.startsWith('#')) break;
    if (/^(?:&&|\|\||[;|&()]+)$/.test(word)) all.push([]);
    else if (all.at(-1)!.length > 0 || !/^\w+=/.test(word)) all.at(-1)!.push(word);
  }
  return all.map((words) => {
    const redirection = words.findIndex((word) => /^[<>]+$/.test(word));
    return redirection < 0 ? words : words.slice(0, redirection);
  });
}

/** What is wrong with one call; null if nothing is. */
export function problemOf(words: readonly string[], commands: readonly AnyCommand[]): string | null {
  const text = `aqe ${words.join(' ')}`;
  if (words.length === 1 && words[0] === '-V') return null;
  const command = commandOf(words, commands);
  if (command === null) return `${text}: there is no such command`;
  const given = new Map(words.flatMap((word, index) => flagOf(word, words[index + 1])));
  if (given.has('help')) return null;
  for (const [name, value] of given) {
    const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
    if (flag === undefined) return `${text}: ${command.name} has no flag --${name}`;
    if (flag.type === 'string' && flag.choices && !flag.choices.includes(value ?? ''))
      return `${text}: --${name} is not ${value}`;
  }
  const absent = Object.entries(command.flags).find(
    ([name, flag]) => flag.type === 'string' && flag.required && !given.has(name),
  );
  return absent ? `${text}: ${command.name} needs --${absent[0]}` : null;
}

function commandOf([first = '', second = '']: readonly string[], commands: readonly AnyCommand[]): AnyCommand | null {
  const named = (name: string): AnyCommand | undefined =>
    commands.find((command) => command.name === name || command.aliases?.includes(name));
  return named(`${first} ${second}`) ?? named(first) ?? null;
}

function flagOf(word: string, next: string | undefined): readonly (readonly [string, string | undefined])[] {
  const [, name, value] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
  return name === undefined ? [] : [[name, value ?? next]];
}
