/** From where to where, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Things that stand side by side: members of an object, items of an array, attributes of a tag, elements, lines, cells. */
export interface SpanList {
  readonly items: readonly Span[];
  /** What stands between two of them. */
  readonly separator: string;
}

/** Where the parts of a report are, found by a look that forgives mistakes. */
export interface Structure {
  readonly kind: 'json' | 'xml' | 'lines';
  readonly lists: readonly SpanList[];
  /** JSON values, XML elements, cells. Those that hold others come behind them. */
  readonly values: readonly Span[];
  /** Texts without the quotes around them. */
  readonly texts: readonly Span[];
  /** Names of members and attributes, without quotes. */
  readonly names: readonly Span[];
  readonly numbers: readonly Span[];
}

export function structureOf(text: string): Structure {
  const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)].map(spanOf);
  const lines = listOfLines(text);
  const start = /\S/.exec(text.startsWith('\ufeff') ? text.slice(1) : text)?.[0];
  if (start === '{' || start === '[') return { ...jsonStructure(text, lines), numbers };
  if (start === '<') return { ...xmlStructure(text, lines), numbers };
  return { ...lineStructure(text, lines), numbers };
}

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}

function listOfLines(text: string): SpanList {
  const items: Span[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    items.push({ start, end: end < 0 ? text.length : end });
    start = end < 0 ? text.length : end + 1;
  }
  return { items, separator: '\n' };
}

interface Open {
  readonly start: number;
  readonly items: Span[];
  /** Where the member or the item that is being read begins. */
  itemStart: number;
  readonly isObject: boolean;
}

function jsonStructure(text: string, lines: SpanList): Omit<Structure, 'numbers'> {
  const lists: SpanList[] = lines.items.length > 1 ? [lines] : [];
  const values: Span[] = [];
  const texts: Span[] = [];
  const names: Span[] = [];
  const open: Open[] = [];
  const value = (span: Span): void => {
    values.push(span);
    const inside = open.at(-1);
    if (!inside) return;
    inside.items.push({ start: inside.itemStart < 0 ? span.start : inside.itemStart, end: span.end });
    inside.itemStart = -1;
  };
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s"{}[\],:]+/gs)) {
    const span = spanOf(match);
    const token = match[0];
    const inside = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ start: span.start, items: [], itemStart: -1, isObject: token === '{' });
    } else if (token === '}' || token === ']') {
      const closed = open.pop();
      if (!closed) continue;
      lists.push({ items: closed.items, separator: ',' });
      value({ start: closed.start, end: span.end });
    } else if (token.startsWith('"')) {
      const content = { start: span.start + 1, end: span.end - 1 };
      if (inside?.isObject === true && inside.itemStart < 0) {
        inside.itemStart = span.start;
        names.push(content);
      } else {
        texts.push(content);
        value(span);
      }
    } else value(span);
  }
  return { kind: 'json', lists, values, texts, names };
}

const markup =
  /<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<![^>[]*(?:\[[^\]]*\])?[^>]*>|<(\/?)([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/gs;

function xmlStructure(text: string, lines: SpanList): Omit<Structure, 'numbers'> {
  const lists: SpanList[] = lines.items.length > 1 ? [lines] : [];
  const values: Span[] = [];
  const texts: Span[] = [];
  const names: Span[] = [];
  const open: { readonly start: number; readonly items: Span[] }[] = [];
  const element = (span: Span): void => {
    values.push(span);
    open.at(-1)?.items.push(span);
  };
  let textStart = 0;
  for (const match of text.matchAll(markup)) {
    const { start, end } = spanOf(match);
    if (/\S/.test(text.slice(textStart, start))) texts.push({ start: textStart, end: start });
    textStart = end;
    const [, slash, name, attributes = '', empty] = match;
    if (name === undefined) continue;
    if (slash === '/') {
      const closed = open.pop();
      if (!closed) continue;
      lists.push({ items: closed.items, separator: '' });
      element({ start: closed.start, end });
      continue;
    }
    const items: Span[] = [];
    const from = start + 1 + name.length;
    for (const attribute of attributes.matchAll(/([\w.:-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
      const at = from + attribute.index;
      const stop = at + attribute[0].length;
      items.push({ start: at, end: stop });
      names.push({ start: at, end: at + attribute[1]!.length });
      texts.push({ start: stop - attribute[2]!.length + 1, end: stop - 1 });
    }
    if (items.length > 0) lists.push({ items, separator: ' ' });
    if (empty === '/') element({ start, end });
    else open.push({ start, items: [] });
  }
  return { kind: 'xml', lists, values, texts, names };
}

function lineStructure(text: string, lines: SpanList): Omit<Structure, 'numbers'> {
  const cells = lines.items.map(({ start, end }): SpanList => {
    const line = text.slice(start, end);
    const separator = [',', ';', '\t', '|', ':', ' '].find((candidate) => line.includes(candidate)) ?? ',';
    const items: Span[] = [];
    let at = start;
    for (const cell of line.split(separator)) {
      items.push({ start: at, end: at + cell.length });
      at += cell.length + separator.length;
    }
    return { items, separator };
  });
  const values = [...cells.flatMap(({ items }) => items), ...lines.items];
  return { kind: 'lines', lists: [lines, ...cells], values, texts: values, names: cells[0]?.items ?? [] };
}
