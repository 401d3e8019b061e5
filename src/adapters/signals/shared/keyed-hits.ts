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

const maxLine = 2 ** 24;
const maxBlock = 2 ** 12;
const maxBranch = 2 ** 16;

/** The key of a branch whose line, block and number are small: no two have the same, and they are in the order of the lines. NaN for others. */
export function branchKey(line: number, block: number, branch: number): number {
  return line < maxLine && block < maxBlock && branch < maxBranch
    ? (line * maxBlock + block) * maxBranch + branch
    : Number.NaN;
}

/**
 * Items in the making. Most reports give them in the order of their keys: then each is two numbers in two arrays. The first
 * that is out of order, or there twice, turns them into a map.
 */
export class KeyedMarks {
  #keys = new Float64Array(64);
  #hit = new Uint8Array(64);
  #size = 0;
  #last = -1;
  #map: Map<number, boolean> | null = null;

  /** One that is hit in either place is hit. */
  mark(key: number, hit: boolean): void {
    if (this.#map !== null || key <= this.#last) {
      const map = (this.#map ??= this.#asMap());
      map.set(key, hit || map.get(key) === true);
      return;
    }
    if (this.#size === this.#keys.length) this.#grow();
    this.#keys[this.#size] = key;
    this.#hit[this.#size] = hit ? 1 : 0;
    this.#size += 1;
    this.#last = key;
  }

  get size(): number {
    return this.#map?.size ?? this.#size;
  }

  get count(): Count {
    let part = 0;
    if (this.#map) {
      for (const hit of this.#map.values()) if (hit) part += 1;
    } else {
      for (let at = 0; at < this.#size; at += 1) part += this.#hit[at]!;
    }
    return { part, whole: this.size };
  }

  /** These and those known before. */
  unitedWith(known: KeyedHits | undefined): KeyedHits {
    if (known || this.#map) return unionKeyedHits(known, this.#map ?? this.#asMap());
    return { keys: this.#keys.slice(0, this.#size), hit: this.#hit.slice(0, this.#size) };
  }

  clear(): void {
    this.#size = 0;
    this.#last = -1;
    this.#map = null;
  }

  #asMap(): Map<number, boolean> {
    const map = new Map<number, boolean>();
    for (let at = 0; at < this.#size; at += 1) map.set(this.#keys[at]!, this.#hit[at] === 1);
    return map;
  }

  #grow(): void {
    const keys = new Float64Array(this.#size * 2);
    const hit = new Uint8Array(this.#size * 2);
    keys.set(this.#keys);
    hit.set(this.#hit);
    this.#keys = keys;
    this.#hit = hit;
  }
}
