import type { Threshold } from '../core/rollout/rollout-settings.ts';
import { parseDuration } from './duration.ts';

/** `2%` → 2, `99.5%` → 99.5; null for anything else and for more than 100. */
export function parseShare(text: string): number | null {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(text);
  const value = match ? Number(match[1]) : null;
  return value !== null && value <= 100 ? value : null;
}

/** `800ms` → 800, `2s` → 2000 milliseconds; null for anything else, for nothing and for an hour or more. */
export function parseLatency(text: string): number | null {
  const ms = /(?:ms|s|m)$/.test(text) ? parseDuration(text) : null;
  return ms !== null && ms > 0 && ms < 3_600_000 ? ms : null;
}

/** A number, a share or a latency; null for anything else. */
export function parseThreshold(written: number | string): Threshold | null {
  if (typeof written === 'number') return { value: written, unit: null };
  const share = parseShare(written);
  if (share !== null) return { value: share, unit: '%' };
  const ms = parseLatency(written);
  return ms === null ? null : { value: ms, unit: 'ms' };
}
