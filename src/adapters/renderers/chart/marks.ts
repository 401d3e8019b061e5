import { line, symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import type { ChartSeries, ChartValue } from '../../../ports/chart-renderer.ts';
import { at, fitted, xmlText } from './xml-text.ts';

/** From values to finite coordinates, and the domains they come from. */
export interface Scales {
  x(value: number): number;
  y(value: number): number;
  readonly domains: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
}

/** Colours that also differ in lightness and for the colour-blind, each with a dash and a shape of its own: none is told by colour alone. */
export const looks = [
  { colour: '#0072b2', dash: '', shape: symbolCircle },
  { colour: '#b84a00', dash: '7 3', shape: symbolDiamond },
  { colour: '#00704f', dash: '2 3', shape: symbolTriangle },
  { colour: '#6b3f94', dash: '9 3 2 3', shape: symbolSquare },
] as const;
export type Look = (typeof looks)[number];

/** Of more values than this none has its label beside it. */
const labelled = 20;
const widestBar = 48;

export function marksOf(series: ChartSeries, look: Look, scales: Scales): string {
  switch (series.kind) {
    case 'diagonal':
      return diagonal(scales);
    case 'bars':
      return bars(series, look, scales);
    case 'line':
      return stroke(series.values, look, scales) + points(series, look, scales);
    case 'points':
      return points(series, look, scales);
  }
}

/** The sign of a series in the legend. */
export function keyOf({ kind }: ChartSeries, look: Look): string {
  if (kind === 'bars') return `<rect x="0" y="-9" width="18" height="10" fill="${look.colour}"/>`;
  if (kind === 'diagonal') return '<path d="M0,-4H18" class="diagonal"/>';
  const rule = kind === 'line' ? `<path d="M0,-4H18"${strokeOf(look)}/>` : '';
  return `${rule}<path d="${shape(look)}" transform="translate(9,-4)" fill="${look.colour}"/>`;
}

function strokeOf({ colour, dash }: Look): string {
  return ` fill="none" stroke="${colour}" stroke-width="2"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`;
}

function shape(look: Look): string {
  // The digits of the path are d3's own: three.
  return symbol(look.shape, 42)() ?? '';
}

function drawable({ x, y }: ChartValue): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function stroke(values: readonly ChartValue[], look: Look, { x, y }: Scales): string {
  const path = line<ChartValue>()
    .defined(drawable)
    .x((value) => x(value.x))
    .y((value) => y(value.y))
    .digits(2)([...values]);
  return path === null ? '' : `<path d="${path}"${strokeOf(look)}/>`;
}

function diagonal({ x, y, domains }: Scales): string {
  const [[xLow, xHigh], [yLow, yHigh]] = [domains.x, domains.y];
  const from = Math.max(xLow, yLow);
  const to = Math.min(xHigh, yHigh);
  if (from >= to) return '';
  return `<path d="M${at(x(from))},${at(y(from))}L${at(x(to))},${at(y(to))}" class="diagonal"/>`;
}

function points({ values, name }: ChartSeries, look: Look, scales: Scales): string {
  const mark = shape(look);
  return values
    .filter(drawable)
    .map((value) => {
      const [x, y] = [at(scales.x(value.x)), at(scales.y(value.y))];
      const dot = `<path d="${mark}" transform="translate(${x},${y})" fill="${look.colour}"/>`;
      return `<g>${spoken(name, value)}${whisker(value, look, scales)}${dot}${beside(value, values, scales, -9)}</g>`;
    })
    .join('');
}

function bars({ values, name }: ChartSeries, look: Look, scales: Scales): string {
  const drawn = values.filter(drawable);
  const wide = barWidth(drawn, scales);
  const [low, high] = scales.domains.y;
  const zero = scales.y(Math.min(Math.max(0, low), high));
  return drawn
    .map((value) => {
      const top = scales.y(value.y);
      const box = `x="${at(scales.x(value.x) - wide / 2)}" y="${at(Math.min(top, zero))}" width="${at(wide)}" height="${at(Math.abs(top - zero))}"`;
      const bar = `<rect ${box} fill="${look.colour}"/>`;
      return `<g>${spoken(name, value)}${bar}${whisker(value, look, scales)}${beside(value, drawn, scales, -4)}</g>`;
    })
    .join('');
}

function barWidth(values: readonly ChartValue[], { x }: Scales): number {
  const gaps = values.slice(1).map((value, index) => Math.abs(x(value.x) - x(values[index]!.x)));
  return Math.max(1, Math.min(widestBar, 0.7 * Math.min(...gaps, Infinity)));
}

function whisker({ x, low, high }: ChartValue, { colour }: Look, scales: Scales): string {
  if (low === undefined || high === undefined || !Number.isFinite(low) || !Number.isFinite(high)) return '';
  const [place, bottom, top] = [scales.x(x), scales.y(low), scales.y(high)];
  const foot = `M${at(place - 4)},${at(bottom)}h8`;
  return `<path d="M${at(place)},${at(bottom)}V${at(top)}${foot}M${at(place - 4)},${at(top)}h8" fill="none" stroke="${colour}"/>`;
}

/** What a pointer or a screen reader gets. */
function spoken(name: string, { label }: ChartValue): string {
  return label === undefined ? '' : `<title>${xmlText(`${name}: ${label}`)}</title>`;
}

function beside(value: ChartValue, all: readonly ChartValue[], { x, y }: Scales, above: number): string {
  if (value.label === undefined || all.length > labelled) return '';
  const top = y(Math.max(value.y, value.high ?? value.y)) + above;
  return `<text class="value" text-anchor="middle" x="${at(x(value.x))}" y="${at(top)}">${xmlText(fitted(value.label, 14))}</text>`;
}
