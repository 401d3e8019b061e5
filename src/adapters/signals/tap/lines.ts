export const versionLine = /^TAP version \d{1,4}$/i;
export const planLine = /^1\.\.(\d{1,9})(?:\s*#.*)?$/;
export const pointLine = /^(not )?ok(?=\s|$)(?:\s+(\d{1,9})(?=\s|$))?(.*)$/;

/** The line of one test, without what may follow it. */
export interface PointLine {
  readonly ok: boolean;
  readonly number: number | null;
  readonly description: string;
  readonly directive: 'skip' | 'todo' | null;
  readonly seconds: number | null;
  /** Ends with an opening brace, behind which subtests may follow. */
  readonly opens: boolean;
}

/** Undefined if the line is no test point. */
export function parsePoint(line: string): PointLine | undefined {
  const match = pointLine.exec(line);
  if (!match) return undefined;
  let rest = match[3]!.trim();
  const opens = rest.endsWith('{');
  if (opens) rest = rest.slice(0, -1).trimEnd();
  // A hash sign of the description itself is escaped.
  const directive = /(?:^|\s)#\s*(skip|todo)(?=$|[^a-z]|p)/i.exec(rest);
  const time = /(?:^|\s)#\s*time=(\d{1,12}(?:\.\d{1,12})?)(ms|s)?(?=\s|$)/.exec(rest);
  const end = Math.min(directive?.index ?? rest.length, time?.index ?? rest.length);
  return {
    ok: match[1] === undefined,
    number: match[2] === undefined ? null : Number(match[2]),
    description: rest
      .slice(0, end)
      .replace(/^-\s+/, '')
      .replaceAll(/\\([\\#])/g, '$1')
      .trim(),
    directive: (directive?.[1]?.toLowerCase() as 'skip' | 'todo' | undefined) ?? null,
    seconds: time ? Number(time[1]) / (time[2] === 's' ? 1 : 1000) : null,
    opens,
  };
}

/** Text of a YAML scalar on one line without its quotes. */
export function scalar(text: string): string {
  const quoted = /^'(.*)'$/s.exec(text) ?? /^"(.*)"$/s.exec(text);
  if (!quoted) return text;
  return text.startsWith("'") ? quoted[1]!.replaceAll("''", "'") : quoted[1]!.replaceAll(/\\(["\\])/g, '$1');
}
