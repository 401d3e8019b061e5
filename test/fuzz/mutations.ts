import { documentTypes, foreignNumbers, foreignPaths, foreignTexts, foreignValues, scraps } from './foreign.ts';
import {
  behindDeclaration,
  embedded,
  encoded,
  inserted,
  itemIn,
  manyReplaced,
  nested,
  range,
  repeated,
  replaced,
  spanIn,
  utf16,
  xmlDeclaration,
  type Mutation,
} from './material.ts';

/** Everything that is done to reports, cheap enough to be done often. */
export const mutations = {
  'bits flipped': ({ bytes }, random) => {
    const copy = Uint8Array.from(bytes);
    for (let times = 1 + random.below(8); times > 0 && copy.length > 0; times -= 1)
      copy[random.below(copy.length)]! ^= 1 << random.below(8);
    return copy;
  },
  'bytes replaced': ({ bytes }, random) => {
    const copy = Uint8Array.from(bytes);
    for (let times = 1 + random.below(8); times > 0 && copy.length > 0; times -= 1)
      copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  'bytes removed': ({ bytes }, random) => {
    const { start, end } = range(random, bytes.length, 1 + random.below(200));
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  'bytes doubled': ({ bytes }, random) => {
    const { start, end } = range(random, bytes.length);
    return inserted(bytes, end, bytes.subarray(start, end));
  },
  'cut short': ({ bytes }, random) => bytes.slice(0, random.below(bytes.length + 1)),
  'start missing': ({ bytes }, random) => bytes.slice(random.below(bytes.length + 1)),
  'NUL put in': ({ bytes }, random) =>
    inserted(bytes, random.below(bytes.length + 1), new Uint8Array(1 + random.below(4))),
  'file padded with NUL': ({ bytes }, random) => inserted(bytes, bytes.length, new Uint8Array(1 + random.below(5000))),
  'scrap put in': ({ text }, random) => {
    const at = random.below(text.length + 1);
    return replaced(text, { start: at, end: at }, random.pick(scraps));
  },
  'two formats spliced': ({ bytes, other }, random) =>
    Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1))]),
  'other format spliced in': ({ bytes, other }, random) => {
    const { start, end } = range(random, other.length);
    return inserted(bytes, random.below(bytes.length + 1), other.subarray(start, end));
  },
  'two reports joined': ({ bytes, other }, random) => Buffer.concat([bytes, random.chance(0.5) ? bytes : other]),

  'UTF-8 mark': ({ bytes }, random) => {
    const mark = Uint8Array.of(0xef, 0xbb, 0xbf);
    return inserted(inserted(bytes, 0, mark), random.chance(0.5) ? 0 : random.below(bytes.length + 3), mark);
  },
  'UTF-16': ({ text }, random) => {
    const bytes = utf16((random.chance(0.6) ? '\ufeff' : '') + text, random.chance(0.5));
    return random.chance(0.8) ? bytes : bytes.subarray(0, random.below(bytes.length + 1));
  },
  'UTF-16 with half a pair': ({ text }, random) => {
    const at = random.below(text.length + 1);
    return utf16(`\ufeff${text.slice(0, at)}${random.pick(['\ud800', '\udc00'])}${text.slice(at)}`, random.chance(0.5));
  },
  'latin-1': ({ text }, random) => {
    const at = random.below(text.length + 1);
    return Buffer.from(`${text.slice(0, at)}äß©\u0085${text.slice(at)}`, 'latin1');
  },
  'half a pair in UTF-8': ({ bytes }, random) =>
    inserted(
      bytes,
      random.below(bytes.length + 1),
      random.pick([[0xed, 0xa0, 0x80], [0xed, 0xb0, 0x80], [0xc3], [0xff]].map((wrong) => Uint8Array.from(wrong))),
    ),
  'wrong mark': ({ bytes }, random) =>
    inserted(
      bytes,
      0,
      random.pick(
        [
          [0xff, 0xfe],
          [0xfe, 0xff],
          [0xff, 0xfe, 0, 0],
          [0, 0, 0xfe, 0xff],
          [0x1f, 0x8b],
          [0x50, 0x4b, 3, 4],
        ].map((mark) => Uint8Array.from(mark)),
      ),
    ),
  'other encoding declared': ({ text }, random) => {
    const label = random.pick(['UTF-16', 'latin1', 'utf-7', 'EBCDIC', 'shift_jis', 'x-user-defined', '', '__proto__']);
    return encoded(`<?xml version="1.0" encoding="${label}"?>${text.replace(xmlDeclaration, '')}`);
  },

  'line ends changed': ({ text }, random) =>
    encoded(text.replaceAll(/\r?\n/g, random.pick(['\r\n', '\r', '', '\n\n', '\u2028']))),
  'lines shuffled': ({ text }, random) => {
    const lines = text.split('\n');
    for (let times = 1 + random.below(4); times > 0; times -= 1) {
      const [taken] = lines.splice(random.below(lines.length), 1);
      lines.splice(random.below(lines.length + 1), 0, taken!);
    }
    return encoded(lines.join('\n'));
  },
  'line removed': ({ text }, random) => {
    const lines = text.split('\n');
    lines.splice(random.below(lines.length), 1 + random.below(3));
    return encoded(lines.join('\n'));
  },
  'line doubled': ({ text }, random) => {
    const lines = text.split('\n');
    const line = random.pick(lines);
    lines.splice(random.below(lines.length + 1), 0, line);
    return encoded(lines.join('\n'));
  },

  'item removed': (material, random) => {
    const found = itemIn(material, random, 1);
    if (!found) return null;
    const { items, index } = found;
    const { start, end } = items[index]!;
    const next = items[index + 1];
    const previous = items[index - 1];
    const cut = next ? { start, end: next.start } : { start: previous?.end ?? start, end };
    return replaced(material.text, cut, '');
  },
  'item doubled': (material, random) => {
    const found = itemIn(material, random, 1);
    if (!found) return null;
    const { items, separator, index } = found;
    const { start, end } = items[index]!;
    return replaced(material.text, { start: end, end }, separator + material.text.slice(start, end));
  },
  'items swapped': (material, random) => {
    const found = itemIn(material, random, 2);
    if (!found) return null;
    const { items, index } = found;
    const from = items[index === items.length - 1 ? 0 : index]!;
    const to = items[index === items.length - 1 ? index : index + 1]!;
    const { text } = material;
    const between = text.slice(from.end, to.start);
    const swapped = text.slice(to.start, to.end) + between + text.slice(from.start, from.end);
    return replaced(text, { start: from.start, end: to.end }, swapped);
  },
  'items all removed': (material, random) => {
    const found = itemIn(material, random, 1);
    return found && replaced(material.text, { start: found.items[0]!.start, end: found.items.at(-1)!.end }, '');
  },
  'item from elsewhere': (material, random) => {
    const to = itemIn(material, random, 1);
    const from = itemIn(material, random, 1);
    if (!to || !from) return null;
    const { start, end } = from.items[from.index]!;
    return replaced(material.text, to.items[to.index]!, material.text.slice(start, end));
  },
  'key twice': (material, random) => {
    const { text, structure } = material;
    const name = spanIn(random, structure.names);
    if (!name) return null;
    const key = text.slice(name.start, name.end);
    const value = random.pick(foreignValues.json);
    if (structure.kind === 'json')
      return replaced(text, { start: name.start - 1, end: name.start - 1 }, `"${key}":${value},`);
    if (structure.kind === 'xml')
      return replaced(
        text,
        { start: name.start, end: name.start },
        `${key}="${random.pick(foreignNumbers.slice(0, 12))}" `,
      );
    return replaced(text, name, `${key},${key}`);
  },
  'key renamed': ({ text, structure }, random) => {
    const name = spanIn(random, structure.names);
    return (
      name &&
      replaced(text, name, random.pick(['__proto__', 'constructor', 'prototype', 'toString', '', 'x', '0', 'length']))
    );
  },
  'prototype put in': ({ text, structure }, random) => {
    if (structure.kind !== 'json') return null;
    const object = structure.values.filter(({ start }) => text[start] === '{');
    const into = spanIn(random, object);
    const more = random.pick([
      '"__proto__":{"polluted":true},',
      '"constructor":{"prototype":{"polluted":true}},',
      '"__proto__":null,',
      '"__proto__":[],',
      '"toString":null,"valueOf":1,"hasOwnProperty":"x",',
    ]);
    return into && replaced(text, { start: into.start + 1, end: into.start + 1 }, more);
  },
  'number replaced': ({ text, structure }, random) => {
    const number = spanIn(random, structure.numbers);
    return number && replaced(text, number, random.pick(foreignNumbers));
  },
  'numbers replaced': ({ text, structure }, random) =>
    manyReplaced(text, structure.numbers, random.pick(foreignNumbers), random),
  'texts that lead elsewhere': ({ text, structure }, random) =>
    // Cells are listed before the lines that hold them.
    manyReplaced(text, structure.texts.slice(0, 400), random.pick(foreignPaths), random),
  'text replaced': ({ text, structure }, random) => {
    const span = spanIn(random, structure.texts);
    return span && replaced(text, span, embedded(structure.kind, random.pick(foreignTexts)));
  },
  'text replaced, as it stands': ({ text, structure }, random) => {
    const span = spanIn(random, structure.texts);
    return span && replaced(text, span, random.pick(foreignTexts));
  },
  'value replaced': ({ text, structure }, random) => {
    const span = spanIn(random, structure.values);
    return span && replaced(text, span, random.pick(foreignValues[structure.kind]));
  },
  'value moved': ({ text, structure }, random) => {
    const to = spanIn(random, structure.values);
    const from = spanIn(random, structure.values);
    return to && from && replaced(text, to, text.slice(from.start, from.end));
  },
  'value wrapped': ({ text, structure }, random) => {
    const span = spanIn(random, structure.values);
    if (!span) return null;
    const [before, behind] = random.pick(
      {
        json: [
          ['[', ']'],
          ['{"x":', '}'],
          ['"', '"'],
        ],
        xml: [
          ['<x>', '</x>'],
          ['<![CDATA[', ']]>'],
        ],
        lines: [
          ['"', '"'],
          ['(', ')'],
        ],
      }[structure.kind],
    );
    return replaced(text, span, `${before}${text.slice(span.start, span.end)}${behind}`);
  },
  'half a pair escaped': ({ text, structure }, random) => {
    const span = spanIn(random, structure.texts);
    return span && replaced(text, span, structure.kind === 'xml' ? '&#xD800;' : '\\ud800');
  },
  'entities declared': ({ text, structure }, random) => {
    const span = spanIn(random, structure.texts) ?? { start: 0, end: 0 };
    const used = `${text.slice(0, span.start)}&x;${text.slice(span.end)}`;
    return encoded(behindDeclaration(used, random.pick(documentTypes)));
  },
  'CDATA put in': ({ text, structure }, random) => {
    const span = spanIn(random, structure.texts);
    return span && replaced(text, span, random.pick(['<![CDATA[x]]>', '<![CDATA[', ']]>', '<![CDATA[<a>]]>]]>']));
  },
  'nested in itself': (material, random) => nested(material, random, 10_000),
  'item repeated': (material, random) => repeated(material, random, 10_000),
} as const satisfies Record<string, Mutation>;
