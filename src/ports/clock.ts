/** Wall-clock time, the only source of "now". */
export interface Clock {
  now(): Date;
}
