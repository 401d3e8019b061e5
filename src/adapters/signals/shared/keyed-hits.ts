import type { Count } from '../../../core/evidence/reading.ts';

/** Items known by a key, such as branches or functions, and whether each was hit: nine bytes an item. */
export interface KeyedHits {
  readonly keys: Float64Array;
  readonly hit: Uint8Array;
}

/** Items of both; one that was hit in either is hit. */
export function unionKeyedHits(known: KeyedHits | undefined, more: ReadonlyMap<number, boolean>): KeyedHits {
  let all = more;
  if (known) {
    const both = new Map(more);
    known.keys.forEach((key, index) => both.set(key, known.hit[index] === 1 || both.get(key) === true));
    all = both;
  }
  const keys = new Float64Array(all.size);
  const hit = new Uint8Array(all.size);
  let index = 0;
  for (const [key, wasHit] of all) {
    keys[index] = key;
    hit[index] = Number(wasHit);
    index += 1;
  }
  return { keys, hit };
}

export function countKeyedHits(hits: KeyedHits): Count {
  return { part: hits.hit.reduce((sum, hit) => sum + hit, 0), whole: hits.keys.length };
}

/** A 53-bit hash of `text` from `from` up to `to`: keys of one file do not collide in practice. */
export function keyOf(text: string, from: number, to: number): number {
  let low = 0x811c9dc5;
  let high = 0x2545f491;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x85ebca77);
    high = Math.imul(high ^ code, 0xc2b2ae3d);
  }
  low = Math.imul(low ^ (low >>> 15), 0x735a2d97) ^ Math.imul(high ^ (high >>> 13), 0xcaf649a9);
  high = Math.imul(high ^ (high >>> 15), 0x735a2d97) ^ Math.imul(low ^ (low >>> 13), 0xcaf649a9);
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}
