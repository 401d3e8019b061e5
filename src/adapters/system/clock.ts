import { readlinkSync } from 'node:fs';
import type { Clock } from '../../ports/clock.ts';

export const systemClock: Clock = {
  now: () => new Date(),
  zoneAt: (time) => ({ name: zoneName(), offsetMinutes: 0 - time.getTimezoneOffset() }),
};

/** IANA name of the machine's zone. `Intl` knows it everywhere and takes longer to load than the rest of the program, so it is asked last. */
function zoneName(): string {
  const set = process.env['TZ'];
  if (set !== undefined && /^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*$/.test(set)) return set;
  try {
    const name = /\/zoneinfo\/(?:posix\/)?([A-Za-z0-9_+/-]+)$/.exec(readlinkSync('/etc/localtime'))?.[1];
    if (name !== undefined) return name;
  } catch {
    // Not a link, or not that kind of system: then the slow way.
  }
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
