/** How a language writes comments and texts, as far as it is looked at here. */
export interface Syntax {
  /** What begins a comment that ends with its line. */
  readonly line: readonly string[];
  /** Whether there are comments between slash-star and star-slash. */
  readonly block: boolean;
  /** Longer ones first. */
  readonly quotes: readonly string[];
}

const sqlSyntax: Syntax = { line: ['--'], block: true, quotes: ["'", '"', '`'] };
export const braceSyntax: Syntax = { line: ['//'], block: true, quotes: ["'", '"', '`'] };
export const pythonSyntax: Syntax = { line: ['#'], block: false, quotes: ['"""', "'''", "'", '"'] };
export const rubySyntax: Syntax = { line: ['#'], block: false, quotes: ["'", '"'] };

/** A text of the same length and lines. */
export interface Lexed {
  /** Comments are blank. */
  readonly code: string;
  /** Comments and what stands between quotes are blank. */
  readonly bare: string;
}

/**
 * Blanks comments and texts in one pass. What does not end reaches to the end; a comment of MySQL that is executed stays. It is
 * no parser: where it is in doubt, more is kept than is there.
 */
export function lexed(text: string, { line, block, quotes }: Syntax): Lexed {
  const code: string[] = [];
  const bare: string[] = [];
  const keep = (part: string): void => void (code.push(part), bare.push(part));
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const starts = (word: string): boolean => text.startsWith(word, at);
    const isBlock = block && starts('/*') && !starts('/*!');
    const quote = quotes.find(starts);
    if (!isBlock && quote === undefined && !line.some(starts)) {
      at += 1;
      continue;
    }
    keep(text.slice(from, at));
    const end = isBlock
      ? endOf(text, '*/', at + 2)
      : quote === undefined
        ? lineEnd(text, at)
        : quoteEnd(text, quote, at + quote.length);
    const part = text.slice(at, end);
    code.push(quote === undefined || isBlock ? blank(part) : part);
    bare.push(
      quote === undefined || isBlock
        ? blank(part)
        : quote + blank(part.slice(quote.length, -quote.length)) + part.slice(quote.length).slice(-quote.length),
    );
    at = end;
    from = end;
  }
  keep(text.slice(from));
  return { code: code.join(''), bare: bare.join('') };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function endOf(text: string, word: string, from: number): number {
  const at = text.indexOf(word, from);
  return at < 0 ? text.length : at + word.length;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

function quoteEnd(text: string, quote: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(quote, at)) return at + quote.length;
  }
  return text.length;
}

/** SQL without its comments. Dialects differ in what a backslash before a quote means: then nothing is taken out. */
export function sqlCode(text: string): string {
  return text.includes("\\'") ? text : lexed(text, sqlSyntax).code;
}

const idle = /^(?:begin|start transaction|commit|end|select 1|)$/i;

/** Whether SQL does anything. */
export function doesSql(text: string): boolean {
  return lexed(text, sqlSyntax)
    .code.split(';')
    .some((statement) => !idle.test(statement.trim().replace(/\s+/g, ' ')));
}

/**
 * The block between braces that follows `from`, past what stands in parentheses; of an arrow without braces, and of a value, the
 * rest of the statement. Places are those of `bare`.
 */
export function bodyAfter(bare: string, from: number): { readonly start: number; readonly end: number } {
  const value = /^\s{0,20}[:=]\s{0,20}(?:null|undefined|false)\b/.exec(bare.slice(from, from + 60))?.[0];
  if (value !== undefined) return { start: from + value.search(/\w/), end: from + value.length };
  let depth = 0;
  for (let at = from; at < bare.length; at += 1) {
    const character = bare[at]!;
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (depth > 0) continue;
    else if (character === '{') return { start: at + 1, end: blockEnd(bare, at) };
    else if (character === ';') return { start: from, end: at };
    else if (character === '=' && bare[at + 1] === '>') {
      const next = at + 2 + (bare.slice(at + 2).search(/\S/) + 1 || bare.length) - 1;
      if (bare[next] === '{') return { start: next + 1, end: blockEnd(bare, next) };
      const stop = bare.slice(next).search(/;|\n(?:exports|export|module)\b/);
      return { start: next, end: stop < 0 ? bare.length : next + stop };
    }
  }
  return { start: from, end: bare.length };
}

function blockEnd(bare: string, open: number): number {
  let depth = 0;
  for (let at = open; at < bare.length; at += 1) {
    if (bare[at] === '{') depth += 1;
    else if (bare[at] === '}' && (depth -= 1) === 0) return at;
  }
  return bare.length;
}

const nothing =
  /^(?:return(?: (?:nil|null|undefined|none|promise\.resolve\(\)))?|await promise\.resolve\(\)|promise\.resolve\(\)|false|null|undefined|nil|none|pass|\.\.\.|end|)$/i;

/** Whether a body of a function, without comments and texts, does anything but return, give up or refuse. */
export function doesAnything(body: string): boolean {
  const statements = body.split(/[;\n]/).map((line) => line.trim().replace(/\s+/g, ' '));
  const first = statements.find((statement) => !nothing.test(statement) && !/^["'`]+ *["'`]*$/.test(statement));
  return first !== undefined && !/^(?:throw|raise)\b/.test(first);
}

/** The lines of an indented block that follows a line, without that line: of Python up to the next line as far left, of Ruby to its `end`. */
export function indentedAfter(
  lines: readonly string[],
  head: number,
): { readonly start: number; readonly end: number } {
  const indent = indentOf(lines[head]!);
  let end = head + 1;
  while (end < lines.length && (lines[end]!.trim() === '' || indentOf(lines[end]!) > indent)) end += 1;
  return { start: head + 1, end };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
