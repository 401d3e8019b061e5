const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** A moment as the clocks on the wall show it, for what depends on working hours. */
export interface LocalTime {
  /** IANA name of the zone. */
  readonly timeZone: string;
  /** Minutes ahead of UTC at that moment. */
  readonly offsetMinutes: number;
  readonly weekday: (typeof weekdays)[number];
  /** 0–23. */
  readonly hour: number;
  readonly minute: number;
}

/** @example localTime('2026-11-23T23:30:00Z', { name: 'Europe/Berlin', offsetMinutes: 60 }) is Tuesday, 0:30. */
export function localTime(at: string, zone: { readonly name: string; readonly offsetMinutes: number }): LocalTime {
  // The UTC fields of the shifted moment are the local ones.
  const shifted = new Date(Date.parse(at) + zone.offsetMinutes * 60_000);
  return {
    timeZone: zone.name,
    offsetMinutes: zone.offsetMinutes,
    weekday: weekdays[shifted.getUTCDay()]!,
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  };
}

/** `Tuesday 00:30 Europe/Berlin (UTC+01:00)`. */
export function localTimeWords({ weekday, hour, minute, timeZone, offsetMinutes }: LocalTime): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${weekday} ${two(hour)}:${two(minute)} ${timeZone} (UTC${offset})`;
}
