/** `1234567.5` → `1,234,567.5`; at most `digits` decimals, trailing zeros dropped. Fixed English separators: output must not depend on the machine. */
export function number(value: number, digits = 1): string {
  if (!Number.isFinite(value)) return String(value);
  const fixed = Math.abs(value)
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
  const [whole = '', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && fixed !== '0' ? '-' : '';
  return fraction === undefined ? sign + grouped : `${sign}${grouped}.${fraction}`;
}

/** `3 files`, `1 file`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
