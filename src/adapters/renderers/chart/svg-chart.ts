import { scaleLinear, scaleUtc } from 'd3-scale';
import { number } from '../../../core/signal/format.ts';
import type { Chart, ChartAxis, ChartRenderer } from '../../../ports/chart-renderer.ts';
import { keyOf, looks, marksOf, type Scales } from './marks.ts';
import { at, fitted, linesOf, xmlText } from './xml-text.ts';

const width = 760;
const plot = { left: 64, right: 740, height: 300 } as const;
const lineHeight = 16;
const far = 100_000;
/** Characters that fit beside each other over the whole width. */
const columns = 104;

const style = [
  'text{font:12px system-ui,sans-serif;fill:#1a1a1a}',
  '.title{font-size:15px;font-weight:600}',
  '.value{font-size:10px}',
  '.grid{stroke:#dcdcdc}',
  '.axis{stroke:#4a4a4a;fill:none}',
  '.diagonal{stroke:#5c5c5c;stroke-dasharray:4 4;fill:none}',
].join('');

/** SVG without scripts, links or anything that is loaded from elsewhere. */
export const svgChart: ChartRenderer = { svg };

function svg(chart: Chart): string {
  const titles = linesOf(chart.title, 84);
  const legend = legendOf(chart, 12 + titles.length * 20 + 12);
  const top = legend.end + 14;
  const bottom = top + plot.height;
  const scales: Scales = {
    x: placed(chart.x, [plot.left, plot.right]),
    y: placed(chart.y, [bottom, top]),
    domains: { x: chart.x.domain, y: chart.y.domain },
  };
  const notes = chart.notes.flatMap((note) => linesOf(note, columns));
  const height = bottom + 58 + notes.length * lineHeight;
  const parts = [
    ...titles.map((line, index) => text(line, { x: 16, y: 24 + 20 * index, kind: 'title' })),
    legend.markup,
    axes(chart, scales, { top, bottom }),
    ...chart.series.map((series, index) => `<g>${marksOf(series, lookOf(index), scales)}</g>`),
    ...notes.map((line, index) => text(line, { x: 16, y: bottom + 62 + lineHeight * index })),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="chart-title chart-description">`,
    `<title id="chart-title">${xmlText(chart.title)}</title>`,
    `<desc id="chart-description">${xmlText(chart.description)}</desc>`,
    `<style>${style}</style>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Far outside is drawn far outside, and not at a coordinate that no program can read. */
function placed({ domain }: ChartAxis, range: readonly [number, number]): (value: number) => number {
  const scale = scaleLinear(domain, range);
  return (value) => Math.min(far, Math.max(-far, scale(value) || 0));
}

function lookOf(index: number) {
  return looks[index % looks.length]!;
}

function text(
  words: string,
  { x, y, kind }: { readonly x: number; readonly y: number; readonly kind?: string },
): string {
  return `<text${kind === undefined ? '' : ` class="${kind}"`} x="${at(x)}" y="${at(y)}">${xmlText(words)}</text>`;
}

/** Signs and names of the series in as many rows as they need; `end` is where they end. */
function legendOf({ series }: Chart, start: number): { readonly markup: string; readonly end: number } {
  let [x, y] = [16, start];
  const entries = series.map((each, index) => {
    const name = fitted(each.name, 40);
    const wide = 26 + 7 * name.length + 18;
    if (x > 16 && x + wide > width) [x, y] = [16, y + lineHeight];
    const entry = `<g transform="translate(${at(x)},${at(y)})">${keyOf(each, lookOf(index))}<text x="24" y="0">${xmlText(name)}</text></g>`;
    x += wide;
    return entry;
  });
  return { markup: entries.join('\n'), end: y };
}

function axes(
  { x: across, y: up }: Chart,
  { x, y }: Scales,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): string {
  const rows = ticksOf(up).map(({ value, words }) => {
    const place = at(y(value));
    return `<path class="grid" d="M${plot.left},${place}H${plot.right}"/><text text-anchor="end" x="${plot.left - 8}" y="${at(y(value) + 4)}">${xmlText(words)}</text>`;
  });
  const columnsOf = ticksOf(across).map(({ value, words }) => {
    const place = at(x(value));
    return `<path class="axis" d="M${place},${at(bottom)}v5"/><text text-anchor="middle" x="${place}" y="${at(bottom + 18)}">${xmlText(words)}</text>`;
  });
  const middle = (top + bottom) / 2;
  return [
    ...rows,
    ...columnsOf,
    `<path class="axis" d="M${plot.left},${at(top)}V${at(bottom)}H${plot.right}"/>`,
    `<text text-anchor="middle" x="${(plot.left + plot.right) / 2}" y="${at(bottom + 38)}">${xmlText(fitted(across.label, 90))}</text>`,
    `<text text-anchor="middle" transform="translate(14,${at(middle)}) rotate(-90)">${xmlText(fitted(up.label, 44))}</text>`,
  ].join('\n');
}

function ticksOf({ domain, format }: ChartAxis): readonly { readonly value: number; readonly words: string }[] {
  if (format === 'time') {
    const [from, to] = domain.map((each) => new Date(each)) as [Date, Date];
    const ticks = scaleUtc([from, to], [0, 1]).ticks(6);
    return ticks.map((date) => ({ value: date.getTime(), words: timeWords(date, domain) }));
  }
  const suffix = format === 'percent' ? '%' : '';
  const [from, to] = domain;
  // Of a domain without width there is one tick; d3 divides by the width.
  const isPoint = Math.abs(to - from) <= 1e-9 * Math.max(1, Math.abs(from), Math.abs(to));
  const ticks = isPoint ? [from] : scaleLinear(domain, [0, 1]).ticks(6);
  return ticks.map((value) => ({ value, words: `${number(value, 3)}${suffix}` }));
}

function timeWords(date: Date, [from, to]: ChartAxis['domain']): string {
  const iso = date.toISOString();
  return to - from < 3 * 86_400_000 ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(0, 10);
}
