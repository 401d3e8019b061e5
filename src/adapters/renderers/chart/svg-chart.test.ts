import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import type { Chart, ChartSeries, ChartValue } from '../../../ports/chart-renderer.ts';
import { svgChart } from './svg-chart.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Elements in order with their own text. Throws for what is not well-formed. */
function elementsOf(xml: string): readonly Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    all.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return all;
}

const chart = (series: readonly ChartSeries[], over: Partial<Chart> = {}): Chart => ({
  title: 'Reliability',
  description: 'Predicted against observed.',
  x: { label: 'Predicted', domain: [0, 100], format: 'percent' },
  y: { label: 'Observed', domain: [0, 100], format: 'percent' },
  series,
  notes: ['n = 40'],
  ...over,
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const value: fc.Arbitrary<ChartValue> = fc.record(
  { x: fc.double(), y: fc.double(), label: fc.string({ unit: 'binary' }), low: fc.double(), high: fc.double() },
  { requiredKeys: ['x', 'y'] },
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('</title><script>x</script>', ']]>&amp;"\'', '\uffff\ufffe\ud800', 'A'.repeat(400)),
);
const axis = fc.record({
  label: text,
  domain: fc.tuple(finite, finite),
  format: fc.constantFrom('number' as const, 'percent' as const, 'time' as const),
});
const charts: fc.Arbitrary<Chart> = fc.record({
  title: text,
  description: text,
  x: axis,
  y: axis,
  series: fc.array(
    fc.record({
      kind: fc.constantFrom('line' as const, 'bars' as const, 'points' as const, 'diagonal' as const),
      name: text,
      values: fc.array(value, { maxLength: 8 }),
    }),
    { maxLength: 6 },
  ),
  notes: fc.array(text, { maxLength: 3 }),
});

describe('a chart as SVG', () => {
  test('is well-formed whatever the texts and values are, without a script, a link or a number that is none', () => {
    fc.assert(
      fc.property(charts, (each) => {
        const svg = svgChart.svg(each);

        const elements = elementsOf(svg);
        const allowed = 'svg title desc style rect text g path'.split(' ');
        expect(elements.map(({ name }) => name).filter((name) => !allowed.includes(name))).toEqual([]);
        const drawn = elements.flatMap(({ attributes }) => Object.values(attributes)).join(' ');
        expect(drawn).not.toMatch(/NaN|Infinity|href|javascript/);
      }),
      { numRuns: 400 },
    );
  });

  test('names itself to a screen reader, with the texts as they are', () => {
    const svg = svgChart.svg(chart([], { title: 'a < b & "c"', description: '<script>' }));

    const [root, title, description] = elementsOf(svg);
    expect(root!.attributes).toMatchObject({ role: 'img', 'aria-labelledby': 'chart-title chart-description' });
    expect([title!.name, title!.text]).toEqual(['title', 'a < b & "c"']);
    expect([description!.name, description!.text]).toEqual(['desc', '<script>']);
  });

  test('puts values where they belong: the ends of the domain are the ends of the plot', () => {
    const svg = svgChart.svg(
      chart([
        {
          kind: 'points',
          name: 'Bins',
          values: [
            { x: 0, y: 0 },
            { x: 100, y: 100 },
            { x: 50, y: 50 },
          ],
        },
      ]),
    );

    const places = elementsOf(svg).flatMap(
      ({ attributes }) =>
        /^translate\((\d+),(\d+)\)$/
          .exec(attributes['transform'] ?? '')
          ?.slice(1)
          .map(Number) ?? [],
    );
    const [left = 0, bottom = 0, right = 0, top = 0, x = 0, y = 0] = places.slice(-6);
    expect([right - left, bottom - top]).toEqual([676, 300]);
    expect([x, y]).toEqual([(left + right) / 2, (top + bottom) / 2]);
  });

  test('draws the diagonal, a bar from zero, a gap and a whisker', () => {
    const diagonal = svgChart.svg(chart([{ kind: 'diagonal', name: 'Perfect', values: [] }]));
    const bars = svgChart.svg(chart([{ kind: 'bars', name: 'n', values: [{ x: 10, y: 50, label: 'n = 4' }] }]));
    const gap = svgChart.svg(
      chart([
        {
          kind: 'line',
          name: 'p',
          values: [
            { x: 0, y: 0 },
            { x: 1, y: NaN },
            { x: 2, y: 2 },
            { x: 3, y: 3 },
          ],
        },
      ]),
    );
    const whisker = svgChart.svg(chart([{ kind: 'points', name: 'p', values: [{ x: 50, y: 50, low: 25, high: 75 }] }]));

    expect(elementsOf(diagonal).filter(({ attributes }) => attributes['class'] === 'diagonal')).toHaveLength(2);
    expect(elementsOf(bars).find(({ attributes }) => attributes['width'] === '48')?.attributes['height']).toBe('150');
    expect(
      elementsOf(bars)
        .filter(({ name }) => name === 'title')
        .map((each) => each.text),
    ).toEqual(['Reliability', 'n: n = 4']);
    expect(gap.match(/d="M[^"]*M[^"]*L[^"]*" fill="none"/g)).toHaveLength(1);
    expect(whisker).toMatch(/d="M402,\d+V\d+M398,/);
  });

  test('is the same text for the same chart', () => {
    const one = chart([{ kind: 'line', name: 'p', values: [{ x: 1, y: 2 }] }]);

    expect(svgChart.svg(one)).toBe(svgChart.svg(structuredClone(one)));
  });
});
