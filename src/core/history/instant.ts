const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * The instant of an ISO-8601 time with its zone, in UTC to the millisecond; null for anything else, a day that no calendar has, and
 * years before 1970 or after 9998.
 */
export function instantOf(text: string): string | null {
  const match = iso.exec(text);
  if (!match) return null;
  const [, years = '', months = '', days = '', hours = '', minutes = '', seconds = '00', fraction = '', zone = ''] =
    match;
  const [year, month, hour] = [Number(years), Number(months), Number(hours)];
  if (year < 1970 || year > 9998 || month < 1 || month > 12 || hour > 23) return null;
  if (days < '01' || Number(days) > daysIn(year, month) || minutes > '59' || seconds > '59') return null;
  const local = `${text.slice(0, 16)}:${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  if (zone === 'Z') return local;
  const [ahead, further] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (ahead > 23 || further > 59) return null;
  const offset = (ahead * 60 + further) * (zone.startsWith('-') ? -60_000 : 60_000);
  const at = Date.parse(local) - offset;
  return at < 0 ? null : new Date(at).toISOString();
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
