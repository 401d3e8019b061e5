const longest = 200;

/** The start of what a tool says of its failure, without user and password of addresses, which a registry may need. */
export function toolWords(said: string | null | undefined): string {
  const text = (said ?? '')
    .slice(0, 4 * longest)
    .replaceAll(/\/\/[^/\s@"']{1,200}@/g, '//')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return 'no reason given';
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}
