/** A compiled glob over slash-separated paths. A call takes at most |path| × |pattern| steps, whatever the pattern is. */
export interface Glob {
  matches(path: string): boolean;
  /** False only if no path below `folder` can match. */
  mayMatchBelow(folder: string): boolean;
  /** The pattern up to its first wildcard or brace. */
  readonly literalStart: string;
}

/** One position in the pattern. Every state leads to the next one under its condition, and to `also` without reading. */
interface State {
  readonly on: 'end' | 'never' | 'any' | 'within' | { readonly char: string };
  /** The state stays active after reading a character that fits. */
  readonly loops: boolean;
  readonly also: number[];
}

/**
 * `*` is any run within a path segment, `?` one character of it, `**` as a whole segment any number of segments (none
 * among them; one at least at the end of the pattern or of an alternative), `{a,b}` alternatives, which may nest. An
 * unpaired brace and every other character stand for themselves. A leading `./` and a trailing `/` mean nothing.
 */
export function compileGlob(pattern: string): Glob {
  const text = trimmed(pattern);
  const states = compile([...text]);
  const literalStart = /^[^*?{]*/.exec(text)![0];
  const literalEnd = text.slice(Math.max(...[...'*?{},/'].map((char) => text.lastIndexOf(char))) + 1);
  const hasBraces = text.includes('{');
  const run = simulator(states);
  return {
    literalStart,
    // Most paths fail one of the cheap tests, so that hundreds of patterns over thousands of files stay affordable.
    // With braces the text after the last wildcard may be one of several alternatives.
    matches: (path) =>
      path.startsWith(literalStart) && (hasBraces || path.endsWith(literalEnd)) && run(path) === 'match',
    mayMatchBelow: (folder) => run(`${folder}/`) !== 'dead',
  };
}

function trimmed(pattern: string): string {
  let [start, end] = [0, pattern.length];
  while (pattern.startsWith('./', start)) start += 2;
  while (end > start && pattern[end - 1] === '/') end -= 1;
  return pattern.slice(start, end);
}

function compile(chars: readonly string[]): readonly State[] {
  const states: State[] = [];
  const paired = pairedBraces(chars);
  const open: { readonly start: number; readonly ends: number[] }[] = [];
  const add = (on: State['on'], loops = false): number => states.push({ on, loops, also: [] }) - 1;
  const skip = (from: number, to: number): unknown => states[from]!.also.push(to);

  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at]!;
    const brace = paired.has(at) || (char === ',' && open.length > 0);
    if (brace && char === '{') {
      open.push({ start: add('never'), ends: [] });
      skip(states.length - 1, states.length);
    } else if (brace && char === ',') {
      const group = open.at(-1)!;
      group.ends.push(add('never'));
      skip(group.start, states.length);
    } else if (brace) {
      const end = add('never');
      for (const other of open.pop()!.ends) skip(other, end);
      skip(end, states.length);
    } else if (char === '*' && chars[at + 1] === '*') {
      while (chars[at + 1] === '*') at += 1;
      at += addStars(chars, at, add, skip, states);
    } else if (char === '*') {
      const star = add('within', true);
      skip(star, states.length);
    } else {
      add(char === '?' ? 'within' : { char });
    }
  }
  add('end');
  return states;
}

/** Adds the states of a run of stars ending at `at`; the result is how many more characters were used up. */
function addStars(
  chars: readonly string[],
  at: number,
  add: (on: State['on'], loops?: boolean) => number,
  skip: (from: number, to: number) => unknown,
  states: readonly State[],
): number {
  let first = at;
  while (chars[first - 1] === '*') first -= 1;
  const startsSegment = first === 0 || '/{,'.includes(chars[first - 1]!);
  const next = chars[at + 1];
  if (startsSegment && next === '/') {
    // Any text that ends in a slash, or none at all.
    const none = add('never');
    add('any', true);
    skip(states.length - 1, states.length);
    add({ char: '/' });
    skip(none, none + 1);
    skip(none, states.length);
    return 1;
  }
  if (startsSegment && (next === undefined || next === '}' || next === ',')) {
    add('any');
    skip(add('any', true), states.length);
    return 0;
  }
  skip(add('within', true), states.length);
  return 0;
}

function pairedBraces(chars: readonly string[]): ReadonlySet<number> {
  const open: number[] = [];
  const paired = new Set<number>();
  chars.forEach((char, at) => {
    if (char === '{') open.push(at);
    const start = char === '}' ? open.pop() : undefined;
    if (start !== undefined) paired.add(start).add(at);
  });
  return paired;
}

/** Follows all ways through the pattern at once: at most one step for every state and character. */
function simulator(states: readonly State[]): (path: string) => 'match' | 'alive' | 'dead' {
  const seenAt = new Int32Array(states.length);
  let step = 0;
  const activate = (state: number, into: number[]): void => {
    const todo = [state];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (seenAt[next] === step) continue;
      seenAt[next] = step;
      into.push(next);
      for (const other of states[next]!.also) todo.push(other);
    }
  };
  return (path) => {
    // Marks of earlier paths must not count.
    seenAt.fill(0);
    step = 1;
    let active: number[] = [];
    activate(0, active);
    for (const char of path) {
      const next: number[] = [];
      step += 1;
      for (const at of active) {
        const { on, loops } = states[at]!;
        if (!fits(on, char)) continue;
        activate(loops ? at : at + 1, next);
      }
      if (next.length === 0) return 'dead';
      active = next;
    }
    return active.includes(states.length - 1) ? 'match' : 'alive';
  };
}

function fits(on: State['on'], char: string): boolean {
  if (typeof on === 'object') return on.char === char;
  if (on === 'any') return true;
  return on === 'within' && char !== '/';
}
