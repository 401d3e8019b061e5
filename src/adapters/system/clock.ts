import type { Clock } from '../../ports/clock.ts';

export const systemClock: Clock = {
  now: () => new Date(),
  zoneAt: (time) => ({
    name: Intl.DateTimeFormat().resolvedOptions().timeZone,
    offsetMinutes: -time.getTimezoneOffset(),
  }),
};
