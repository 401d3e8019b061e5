const longest = 120;

/** The start of a description, on one line and cut behind a word; the fallback where there is none. */
export function shortTitle(description: string | null | undefined, fallback: string): string {
  const text = (description ?? '')
    .slice(0, 4 * longest)
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return fallback;
  if (text.length <= longest) return text;
  const end = text.lastIndexOf(' ', longest);
  return `${text.slice(0, end > 0 ? end : longest)} …`;
}
