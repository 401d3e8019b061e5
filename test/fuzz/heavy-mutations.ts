import { nested, repeated, replaced, spanIn, type Mutation } from './material.ts';

/** Characters of the texts and arrays that are meant to be too long. */
const long = 1_000_000;
const deep = 100_000;

/** What makes reports big, and so is done seldom. */
export const heavyMutations = {
  'text of a megabyte': ({ text, structure }, random) => {
    const span = spanIn(random, structure.texts);
    return (
      span && replaced(text, span, random.pick(['x', 'a ', '€', '/', '.', '-', '1', '\\\\', '(']).repeat(long / 2))
    );
  },
  'a deep value': ({ text, structure }, random) => {
    const span = spanIn(random, structure.values);
    if (!span) return null;
    const [before, behind] = random.pick(
      structure.kind === 'xml'
        ? ([['<x>', '</x>']] as const)
        : ([
            ['[', ']'],
            ['{"a":', '}'],
          ] as const),
    );
    const times = random.pick([300, 5000, deep]);
    const closed = random.chance(0.8) ? behind.repeat(times) : '';
    return replaced(text, span, `${before.repeat(times)}${structure.kind === 'json' ? '0' : ''}${closed}`);
  },
  'nested in itself, deeply': (material, random) => nested(material, random, long),
  'an item repeated to a megabyte': (material, random) => repeated(material, random, long),
  'many members': ({ text, structure }, random) => {
    if (structure.kind !== 'json') return null;
    const into = spanIn(
      random,
      structure.values.filter(({ start }) => text[start] === '{'),
    );
    const members = Array.from({ length: 50_000 }, (_, index) => `"k${index}":${index},`).join('');
    return into && replaced(text, { start: into.start + 1, end: into.start + 1 }, members);
  },
  'a line of a megabyte': ({ text }, random) => {
    const at = random.below(text.length + 1);
    return replaced(
      text,
      { start: at, end: at },
      random.pick(['x', ' ', ',', '"', '\t', '0', '<', '&amp;', '[']).repeat(long),
    );
  },
  'a megabyte of line ends': ({ text }, random) => {
    const at = random.below(text.length + 1);
    return replaced(text, { start: at, end: at }, random.pick(['\n', '\r\n', ' \n', ',\n', '"\n']).repeat(long / 3));
  },
} as const satisfies Record<string, Mutation>;
