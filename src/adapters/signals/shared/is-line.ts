/** Whether a report's number can be the number of a line; tools write 0 or -1 for "none". */
export function isLine(line: unknown): line is number {
  return typeof line === 'number' && Number.isSafeInteger(line) && line > 0;
}
