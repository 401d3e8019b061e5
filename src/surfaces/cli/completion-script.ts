import type { AnyCommand } from './command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Entry {
  readonly words: readonly string[];
  readonly summary: string;
  readonly flags: readonly { readonly name: string; readonly summary: string; readonly choices: readonly string[] }[];
}

/** A completion script read off the command data: subcommands, flags and the choices of flags. */
export function completionScript(shell: Shell, commands: readonly AnyCommand[]): string {
  const entries = commands.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) => entryOf(command, name)),
  );
  return shell === 'bash' ? bash(entries) : shell === 'zsh' ? zsh(entries) : fish(entries);
}

function entryOf(command: AnyCommand, name: string): Entry {
  return {
    words: name.split(' '),
    summary: command.summary,
    flags: Object.entries(command.flags).map(([flag, spec]) => ({
      name: `--${flag}`,
      summary: spec.summary,
      choices: spec.type === 'string' ? (spec.choices ?? []) : [],
    })),
  };
}

/** Words that may follow a given path of words. */
function following(entries: readonly Entry[]): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, string[]>();
  for (const { words, flags } of entries) {
    words.forEach((word, index) => {
      const path = words.slice(0, index).join(' ');
      const known = next.get(path) ?? [];
      next.set(path, known.includes(word) ? known : [...known, word]);
    });
    const path = words.join(' ');
    next.set(path, [...(next.get(path) ?? []), ...flags.map((flag) => flag.name)]);
  }
  return next;
}

function bash(entries: readonly Entry[]): string {
  const cases = [...following(entries)].map(
    ([path, words]) => `    ${quote(path)}) words=${quote(words.join(' '))} ;;`,
  );
  const choices = choiceCases(entries).map(([key, words]) => `    ${quote(key)}) words=${quote(words)} ;;`);
  return `_aqe() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == deploy && -z $path ]] && continue
    [[ $word == -* ]] && break
    path="\${path:+$path }$word"
  done
  case "$path $previous" in
${choices.join('\n')}
    *) case "$path" in
${cases.map((line) => `  ${line}`).join('\n')}
    esac ;;
  esac
  [[ -z $path && $COMP_CWORD -eq 1 ]] && words="deploy $words"
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _aqe aqe aqe-deploy
`;
}

function choiceCases(entries: readonly Entry[]): readonly (readonly [string, string])[] {
  return entries.flatMap(({ words, flags }) =>
    flags
      .filter((flag) => flag.choices.length > 0)
      .map((flag) => [`${words.join(' ')} ${flag.name}`, flag.choices.join(' ')] as const),
  );
}

function zsh(entries: readonly Entry[]): string {
  const cases = [...following(entries)].map(
    ([path, words]) => `    ${quote(path)}) compadd -- ${words.map(quote).join(' ')} ;;`,
  );
  const choices = choiceCases(entries).map(
    ([key, words]) => `    ${quote(key)}) compadd -- ${words.split(' ').map(quote).join(' ')}; return ;;`,
  );
  return `#compdef aqe aqe-deploy
_aqe() {
  local path="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == deploy && -z $path ]] && continue
    [[ $word == -* ]] && break
    path="\${path:+$path }$word"
  done
  case "$path \${words[CURRENT-1]}" in
${choices.join('\n')}
  esac
  [[ -z $path && CURRENT -eq 2 ]] && compadd -- deploy
  case "$path" in
${cases.join('\n')}
  esac
  _files
}
_aqe "$@"
`;
}

function fish(entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ words, summary, flags }) => {
    const parents = words.slice(0, -1);
    const seen = (names: readonly string[]): string =>
      names.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    const condition =
      parents.length > 0
        ? seen(parents)
        : `not __fish_seen_subcommand_from ${[...new Set(entries.map((entry) => entry.words[0]))].join(' ')}`;
    return [
      `complete -c aqe -f -n ${quote(condition)} -a ${quote(words.at(-1)!)} -d ${quote(summary)}`,
      ...flags.map(
        (flag) =>
          `complete -c aqe -n ${quote(seen(words))} -l ${flag.name.slice(2)} -d ${quote(flag.summary)}${flag.choices.length > 0 ? ` -x -a ${quote(flag.choices.join(' '))}` : ''}`,
      ),
    ];
  });
  return `complete -c aqe -f -n 'not __fish_seen_subcommand_from deploy' -a deploy -d 'Deployment readiness'\n${lines.join('\n')}\ncomplete -c aqe-deploy -w aqe\n`;
}

/** A single-quoted word that bash, zsh and fish read alike; our own data holds no quote that they read differently. */
function quote(text: string): string {
  return `'${text.replace(/'/g, `'"'"'`)}'`;
}
