/** Lines at the start of a text that are looked at. */
const lineLimit = 400;

/** Whether a JSON value fits that stands alone on one of the first lines of a text; what else stands there is passed over. */
export function someJsonLine(text: string, fits: (value: unknown) => boolean): boolean {
  for (let line = 0, start = 0; line < lineLimit && start < text.length; line += 1) {
    const end = text.indexOf('\n', start);
    const piece = text.slice(start, end < 0 ? text.length : end).trim();
    start = end < 0 ? text.length : end + 1;
    if (!/^[{[]./.test(piece)) continue;
    try {
      if (fits(JSON.parse(piece))) return true;
    } catch {
      // The value goes on over the line, or the line is no JSON.
    }
  }
  return false;
}
