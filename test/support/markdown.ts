/** Rows of the first table under a heading, each a record by column title. @throws Error if there is no such heading or table. */
export function tableAfter(markdown: string, heading: string): readonly Readonly<Record<string, string>>[] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start < 0) throw new Error(`there is no heading ${heading}`);
  const first = lines.findIndex((line, index) => index > start && line.startsWith('|'));
  if (first < 0) throw new Error(`there is no table under ${heading}`);
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  const [titles = [], , ...rows] = lines.slice(first, end < 0 ? lines.length : end).map(cellsOf);
  return rows.map((cells) => Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ''])));
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
