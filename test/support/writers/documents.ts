/** How documents are written down: the freedom that XML, JSON and lines of text leave to their writers. */
import fc from 'fast-check';

/** Names and messages as people give them: empty, in any script, with markup, quotes and line breaks. */
const telling = [
  '',
  'adds two numbers',
  'größer als ß',
  '名前',
  'family 👩‍👩‍👧 🛒',
  `it's "quoted" & <b>marked</b>`,
  'two\nlines',
  'tab\there',
  ']]>',
  '-->',
  '{"a": [1]}',
  '__proto__',
  'constructor',
  'a,b;c|d',
  'C:\\temp\\new\\',
  '# SKIP not ok 1',
  '${x} %s {{y}}',
  ' padded ',
  'null',
  'x'.repeat(600),
] as const;

export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...telling) },
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);

/** The same on one line and never empty. */
export const anyLine: fc.Arbitrary<string> = anyText.map((text) => text.replaceAll(/\s+/g, ' ').trim() || 'x');

/** Paths of source files as tools write them. */
export const anyPath: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', 'src/', '/root/pkg/', 'C:\\work\\', './', 'über/', 'a b/'),
    fc.constantFrom('a', 'index', 'ñandú', 'x-1', '__proto__', '[id]'),
    fc.constantFrom('.ts', '.java', '.cs', '.py', '.go', '.rb', ''),
  )
  .map((parts) => parts.join(''));

/** Present in most documents, absent in some. */
export const often: fc.Arbitrary<boolean> = fc.integer({ min: 0, max: 3 }).map((luck) => luck > 0);
export const seldom: fc.Arbitrary<boolean> = often.map((is) => !is);

/** A stream of small numbers by which a writer varies what does not matter. */
export type Luck = () => number;
export const luck: fc.Arbitrary<Luck> = fc.uint8Array({ minLength: 1, maxLength: 16 }).map((bytes) => {
  let at = 0;
  return () => bytes[at++ % bytes.length]!;
});

export interface Xml {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly children: readonly (Xml | string)[];
}

export type XmlChild = Xml | string | undefined | false | readonly XmlChild[];

/** An element; children that are undefined or false are left out, lists of children are spliced in. */
export function xml(tag: string, attributes: Xml['attributes'] = {}, ...children: readonly XmlChild[]): Xml {
  return { tag, attributes, children: children.flatMap(flatten) };
}

function flatten(child: XmlChild): readonly (Xml | string)[] {
  if (child === undefined || child === false) return [];
  return typeof child === 'string' || isElement(child) ? [child] : child.flatMap(flatten);
}

function isElement(child: Exclude<XmlChild, string | undefined | false>): child is Xml {
  return !Array.isArray(child);
}

export interface XmlStyle {
  readonly declaration: string;
  readonly indent: string;
  readonly lineBreak: string;
  readonly quote: string;
  readonly order: Luck;
  readonly cdata: boolean;
  readonly comment: boolean;
  readonly shortEmpty: boolean;
}

export const xmlStyle: fc.Arbitrary<XmlStyle> = fc.record({
  declaration: fc.constantFrom('', '<?xml version="1.0" encoding="UTF-8"?>', "<?xml version='1.0' encoding='utf-8'?>"),
  indent: fc.constantFrom('', '  ', '\t'),
  lineBreak: fc.constantFrom('\n', '\r\n'),
  quote: fc.constantFrom('"', "'"),
  order: luck,
  cdata: fc.boolean(),
  comment: fc.boolean(),
  shortEmpty: often,
});

export function writeXml(root: Xml, style: XmlStyle, doctype = ''): string {
  const start = [style.declaration, style.comment ? '<!-- written by a tool -->' : '', doctype].filter(Boolean);
  const end = style.indent === '' ? '' : style.lineBreak;
  return [...start, writeElement(root, style, '')].join(style.lineBreak) + end;
}

function writeElement({ tag, attributes, children }: Xml, style: XmlStyle, margin: string): string {
  const written = shuffled(Object.entries(attributes), style.order).flatMap(([name, value]) =>
    value === undefined ? [] : ` ${name}=${style.quote}${escapedAttribute(String(value))}${style.quote}`,
  );
  const open = `<${tag}${written.join('')}`;
  if (children.length === 0) return style.shortEmpty ? `${open}${style.indent && ' '}/>` : `${open}></${tag}>`;
  // White space matters as soon as there is text.
  const isMixed = children.some((child) => typeof child === 'string');
  const inner = `${margin}${style.indent}`;
  const breakBefore = (at: string): string => (isMixed || style.indent === '' ? '' : `${style.lineBreak}${at}`);
  const content = children.map((child) =>
    typeof child === 'string'
      ? escapedText(child, style.cdata)
      : `${breakBefore(inner)}${writeElement(child, style, inner)}`,
  );
  return `${open}>${content.join('')}${breakBefore(margin)}</${tag}>`;
}

function shuffled<T>(items: readonly T[], order: Luck): readonly T[] {
  return order() % 2 === 0
    ? items
    : items
        .map((item) => [order(), item] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, item]) => item);
}

function escapedAttribute(text: string): string {
  return legal(text).replaceAll(/[&<>"'\n\r\t]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function escapedText(text: string, cdata: boolean): string {
  const plain = legal(text);
  if (cdata) return `<![CDATA[${plain.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What XML forbids stands as a sign for it, as most writers have it. */
function legal(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').toWellFormed();
}

export interface JsonStyle {
  readonly indent: string;
  readonly lineBreak: string;
  /** Keys as `jq --sort-keys` leaves them. */
  readonly sorted: boolean;
  /** Letters beyond ASCII as `\uXXXX`, as Python has it. */
  readonly ascii: boolean;
  /** `<`, `>` and `&` as `\uXXXX`, as Go has it. */
  readonly markup: boolean;
  readonly end: boolean;
}

const plainJsonStyle: fc.Arbitrary<JsonStyle> = fc.record({
  indent: fc.constantFrom('', '  ', '    ', '\t'),
  lineBreak: fc.constantFrom('\n', '\r\n'),
  sorted: fc.constant(false),
  ascii: fc.boolean(),
  markup: fc.boolean(),
  end: fc.boolean(),
});

export const jsonStyle: fc.Arbitrary<JsonStyle> = fc
  .tuple(plainJsonStyle, seldom)
  .map(([style, sorted]) => ({ ...style, sorted }));

export function writeJson(value: unknown, style: JsonStyle): string {
  let text = JSON.stringify(style.sorted ? sortedKeys(value) : value, null, style.indent);
  if (style.lineBreak !== '\n') text = text.replaceAll('\n', style.lineBreak);
  if (style.ascii) text = text.replaceAll(/[\u0080-\uffff]/g, escapedUnit);
  if (style.markup) text = text.replaceAll(/[<>&]/g, escapedUnit);
  return style.end ? `${text}${style.lineBreak}` : text;
}

/** One value a line. */
export function writeJsonLines(values: readonly unknown[], style: JsonStyle): string {
  const lines = values.map((value) => writeJson(value, { ...style, indent: '', end: false }));
  return lines.join(style.lineBreak) + (style.end ? style.lineBreak : '');
}

function escapedUnit(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

/** The object without the keys that `luck` drops: for those that its writers may leave out. */
export function withLuck<T extends object>(optional: T, of: Luck): Partial<T> {
  return Object.fromEntries(Object.entries(optional).filter(() => of() % 4 > 0)) as Partial<T>;
}

/** Keys that the format does not know and a later version of its writer may add. */
export function unknownKeys(of: Luck): object {
  return of() % 4 === 0 ? { 'x-later': { nested: [1, { deep: null }], text: 'a "b" {c' } } : {};
}

/** As LF or CRLF. */
export const lineBreak: fc.Arbitrary<string> = fc.constantFrom('\n', '\r\n');

function quoted(field: string | number | boolean, separator: string): string {
  const text = String(field);
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** CSV with any separator; fields are quoted where they must be. */
export function writeTable(
  rows: readonly (readonly (string | number | boolean)[])[],
  separator: string,
  lineBreak: string,
): string {
  return rows.map((row) => row.map((field) => quoted(field, separator)).join(separator) + lineBreak).join('');
}
