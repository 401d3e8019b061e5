/** A share between 0 and 1 in percent, with one decimal, or more where it would read as 0 or 100. */
export function percentText(share: number): string {
  const percent = 100 * share;
  const near = Math.min(percent, 100 - percent);
  const decimals = near >= 0.05 || near <= 0 ? 1 : Math.min(Math.ceil(-Math.log10(near)), 12);
  return `${Number(percent.toFixed(decimals))}%`;
}

/** `1 failure`, `2 failures`. */
export function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}
