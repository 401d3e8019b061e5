/** How the numbers of an axis are written: `time` is milliseconds since 1970, written as a UTC date; `percent` is 0–100. */
export type AxisFormat = 'number' | 'percent' | 'time';

export interface ChartAxis {
  readonly label: string;
  /** Smallest and largest value that is drawn, both finite; for `time` within the range of dates. */
  readonly domain: readonly [number, number];
  readonly format: AxisFormat;
}

export interface ChartValue {
  readonly x: number;
  readonly y: number;
  /** Says what the value is where the picture can be pointed at, and beside it where there is room. */
  readonly label?: string;
  /** Ends of the interval of `y`, drawn as a whisker. */
  readonly low?: number;
  readonly high?: number;
}

export interface ChartSeries {
  /** `diagonal` is the line where y equals x; it has no values of its own. */
  readonly kind: 'line' | 'bars' | 'points' | 'diagonal';
  readonly name: string;
  /** In the order of x. One that is not finite is a gap. */
  readonly values: readonly ChartValue[];
}

/** A picture as plain data. Texts may be foreign; the renderer encodes them. */
export interface Chart {
  readonly title: string;
  /** The same in words, for those who do not see the picture. */
  readonly description: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Later ones are drawn over earlier ones. */
  readonly series: readonly ChartSeries[];
  /** Lines under the picture. */
  readonly notes: readonly string[];
}

/** Draws charts. Pure: the same chart is the same text. */
export interface ChartRenderer {
  /** A document of its own: well-formed XML with a title and a description. */
  svg(chart: Chart): string;
}
