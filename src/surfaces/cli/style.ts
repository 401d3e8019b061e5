/** How text may be drawn on this terminal. */
export interface Style {
  readonly colour: boolean;
  readonly ascii: boolean;
  /** Columns to wrap at. */
  readonly width: number;
  /** Takes secrets out. It has to see a text before it is wrapped: a line break hides what stands on both sides of it. */
  redact(text: string): string;
}

export type Tone = 'good' | 'warn' | 'bad' | 'unknown' | 'dim' | 'bold';

const codes: Readonly<Record<Tone, readonly [number, number]>> = {
  good: [32, 39],
  warn: [33, 39],
  bad: [31, 39],
  unknown: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes secrets out of what is printed; absent: nothing does. */
  redact?(text: string): string;
}

/** NO_COLOR and TERM=dumb switch colour off, FORCE_COLOR on; else a terminal has it. Text that is not for a terminal is not wrapped below 80 columns. */
export function styleFor(terminal: Terminal, ascii: boolean): Style {
  const { isTTY, columns, env } = terminal;
  const dumb = env['TERM'] === 'dumb';
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0';
  const colour = env['NO_COLOR'] ? false : forced || (isTTY && !dumb);
  const width = Math.min(120, Math.max(40, columns ?? Number(env['COLUMNS'] || 80)));
  const redact = (text: string): string => terminal.redact?.(text) ?? text;
  return { colour, ascii: ascii || dumb, width: Number.isFinite(width) ? width : 80, redact };
}

export function paint(style: Style, tone: Tone, text: string): string {
  const [open, close] = codes[tone];
  return style.colour ? `\u001b[${open}m${text}\u001b[${close}m` : text;
}

export type Glyph = 'pass' | 'warn' | 'fail' | 'unknown' | 'skip' | 'rule' | 'bar' | 'dot' | 'arrow';
const glyphs: Readonly<Record<Glyph, readonly [string, string]>> = {
  pass: ['✔', '+'],
  warn: ['⚠', '!'],
  fail: ['✖', 'x'],
  unknown: ['?', '?'],
  skip: ['○', 'o'],
  rule: ['━', '='],
  bar: ['█', '#'],
  dot: ['·', '-'],
  arrow: ['→', '->'],
};

export function glyph(style: Style, name: Glyph): string {
  return glyphs[name][style.ascii ? 1 : 0];
}

/** Replaces the few typographic characters of our own texts where the terminal takes ASCII only; other text becomes `?`. */
export function plain(style: Style, text: string): string {
  if (!style.ascii) return text;
  return (
    text
      .replace(/[·–—−]/g, '-')
      .replace(/…/g, '...')
      .replace(/≤ ?/g, '<= ')
      .replace(/≥ ?/g, '>= ')
      .replace(/→/g, '->')
      // oxlint-disable-next-line no-control-regex -- the escape of our own colours stays
      .replace(/[^\n\u0020-\u007e\u001b]/gu, '?')
  );
}

/** Breaks text at spaces so that no line is longer than the width; leading spaces stay, following lines start with `indent` spaces. */
export function wrap(text: string, width: number, indent = 0): string {
  const body = text.trimStart();
  const lines: string[] = [];
  let line = ' '.repeat(text.length - body.length);
  let empty = true;
  for (const word of body.split(' ')) {
    const next = empty ? line + word : `${line} ${word}`;
    if (!empty && [...next].length > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = next;
    empty = false;
  }
  return [...lines, line].join('\n');
}
