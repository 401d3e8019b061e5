/**
 * An instant as the clocks of a zone show it.
 * @example zoneText('2026-12-19T23:00:00.000Z', 'Europe/Berlin') is `2026-12-20 00:00 +01:00`.
 * @throws RangeError for a zone that is not known.
 */
export function zoneText(at: string, zone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  const parts = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const seconds = part('second') === '00' ? '' : `:${part('second')}`;
  const offset = part('timeZoneName').slice('GMT'.length) || '+00:00';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}${seconds} ${offset}`;
}
