import { markdownText } from '../../src/core/report/encode.ts';

/** Where a page says that it is made and not written. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  const note = `<!-- Made by tools/generate-docs.ts from ${source}: change that and run \`npm run docs\`. -->`;
  return `${[note, `# ${text(title)}`, ...parts].join('\n\n')}\n`;
}

/** Text of ours inside markdown: encoded, with `code` in backticks left as code. */
export function text(words: string): string {
  return words
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? code(part.slice(1, -1)) : markdownText(part)))
    .join('');
}

export function code(words: string): string {
  return `\`${words.replaceAll('|', '\\|')}\``;
}

export function codeBlock(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}

/** Cells are markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
