/** One measured figure with the most it may be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Met when the value is not above it. */
  readonly bar: number;
  readonly unit: string;
}

export interface Benchmark {
  readonly name: string;
  readonly measure: () => readonly Figure[];
}
