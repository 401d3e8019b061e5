import type { Trigger } from './rollout-settings.ts';

const units = [
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const;

/** `2 minutes`, `90 seconds`: in the largest unit of which it is a whole number. */
export function spanWords(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms >= each && ms % each === 0) ?? units.at(-1)!;
  const count = ms / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** About how long, in two units: `1 hour 12 minutes`. Below a minute in seconds. */
export function roughSpanWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [
    [days, 'day'],
    [hours, 'hour'],
    [minutes, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? [parts[3]] : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(' ');
}

/** A trigger as the name of its kind and what fires it. */
export function triggerWords(trigger: Trigger): { readonly kind: string; readonly words: string } {
  const span = `for ${spanWords(trigger.forMs)}`;
  switch (trigger.kind) {
    case 'error-rate':
      return { kind: 'error_rate_threshold', words: `>${trigger.above}% ${span}` };
    case 'response-time':
      return { kind: 'response_time_threshold', words: `${trigger.percentile} >${trigger.above}ms ${span}` };
    case 'availability':
      return { kind: 'availability_threshold', words: `<${trigger.below}% ${span}` };
    case 'custom': {
      const { name, comparison, threshold } = trigger;
      return { kind: 'custom_metric', words: `${name} ${comparison}${threshold.value}${threshold.unit ?? ''} ${span}` };
    }
  }
}
