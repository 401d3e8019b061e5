/** 32 bits that depend on all bits of both numbers: what a learner takes where others would draw lots. Same numbers, same answer. */
export function mixed(one: number, other: number): number {
  let bits = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 0x7f4a7c15, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 0 … rows − 1, or where there are more than `most` about as many, spread over all; which ones follows from their number. */
export function sampled(rows: number, most: number): readonly number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  return rows <= most ? all : all.filter((row) => mixed(rows, row) < (most / rows) * 2 ** 32);
}
