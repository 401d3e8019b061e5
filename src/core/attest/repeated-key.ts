/**
 * The first key that stands twice in one object of a JSON text, null if there is none. The text has to be JSON: of two
 * members with one name a parser keeps the last, and another program may keep the first.
 */
export function repeatedKey(json: string): string | null {
  // One set of names for each object that is open; null for an array.
  const open: (Set<string> | null)[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs;
  for (let match = token.exec(json); match; match = token.exec(json)) {
    const [text, colon] = match;
    if (text === '{') open.push(new Set());
    else if (text === '[') open.push(null);
    else if (text === '}' || text === ']') open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(text.slice(0, -colon.length)) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return null;
}
