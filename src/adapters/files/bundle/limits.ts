/** What one bundle may hold, written or read: entries, texts among them, bytes in all, bytes of one text. */
export const bundleLimits = { entries: 20_100, texts: 16, bytes: 8 * 1024 ** 3, text: 128 * 1024 ** 2 } as const;

/** Bytes that may come out of a file of this size: reports shrink to a hundredth at times, bombs to a thousandth. */
export function mostBytesOf(packed: number): number {
  return Math.min(bundleLimits.bytes, Math.max(256 * 1024 ** 2, packed * 250));
}
