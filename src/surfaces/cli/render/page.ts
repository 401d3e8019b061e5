import { inline } from '../../../core/report/encode.ts';
import { glyph, paint, plain, wrap, type Glyph, type Style, type Tone } from '../style.ts';

/** Builds terminal text line by line. Every text passes through the terminal encoder and is wrapped; colour comes last. */
export interface Page {
  readonly style: Style;
  line(text?: string, tone?: Tone): void;
  /** A line that starts with a mark; what does not fit continues `indent` columns in. */
  mark(
    mark: Glyph,
    text: string,
    options?: { readonly tone?: Tone; readonly indent?: number; readonly at?: number },
  ): void;
  heading(text: string): void;
  rule(): void;
  /** `label` padded to a column, then the value. */
  field(label: string, value: string, tone?: Tone): void;
  text(): string;
}

const toneOf: Readonly<Partial<Record<Glyph, Tone>>> = {
  pass: 'good',
  warn: 'warn',
  fail: 'bad',
  unknown: 'unknown',
  skip: 'dim',
};
const labelWidth = 21;

export function page(style: Style): Page {
  const lines: string[] = [];
  const push = (text: string, tone?: Tone): void => {
    for (const line of text.split('\n')) lines.push(tone ? paint(style, tone, line) : line);
  };
  const clean = (text: string): string => plain(style, inline(style.redact(text)));
  return {
    style,
    line: (text = '', tone) => push(wrap(clean(text), style.width, text.length - text.trimStart().length + 2), tone),
    mark(mark, text, { tone, at = 2, indent = at + 2 } = {}) {
      const [first = '', ...rest] = wrap(`${' '.repeat(at)}  ${clean(text)}`, style.width, indent).split('\n');
      const symbol = paint(style, tone ?? toneOf[mark] ?? 'dim', glyph(style, mark));
      lines.push(`${first.slice(0, at)}${symbol}${first.slice(at + 1)}`, ...rest);
    },
    heading: (text) => push(wrap(clean(text), style.width, 2), 'bold'),
    rule: () => push(glyph(style, 'rule').repeat(style.width), 'dim'),
    field(label, value, tone) {
      const [first = '', ...rest] = wrap(clean(value), style.width - labelWidth).split('\n');
      const shown = [first, ...rest].map((line) => (tone ? paint(style, tone, line) : line));
      lines.push(
        `${label.padEnd(labelWidth)}${shown[0]}`,
        ...shown.slice(1).map((line) => ' '.repeat(labelWidth) + line),
      );
    },
    text: () => lines.map((line) => `${line}\n`).join(''),
  };
}
