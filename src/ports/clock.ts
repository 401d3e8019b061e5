/** Wall-clock time, the only source of "now". */
export interface Clock {
  now(): Date;
  /** Zone of the people here: its IANA name, and minutes that its clocks are ahead of UTC at that time. */
  zoneAt(time: Date): { readonly name: string; readonly offsetMinutes: number };
}
