/** ISO-8601 with a zone, which tools also write without its colon; undefined for anything else, and for a time that no clock shows. */
export function zonedTime(text: string | null | undefined): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)$/.exec(text?.trim() ?? '');
  if (!match) return undefined;
  const [, time, zone = 'Z'] = match;
  const instant = `${time}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`;
  return Number.isNaN(Date.parse(instant)) ? undefined : instant;
}
