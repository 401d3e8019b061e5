import { DatabaseSync } from 'node:sqlite';
import type { CliResult } from './cli.ts';
import { formsOf, plantedSecrets, type Planted } from './secrets.ts';

/** Secrets of one test run, the texts in which they stand, and the search for them. */
export interface Planting {
  /** Of formats that services issue. */
  readonly issued: readonly Planted[];
  /** Of no format: known only because variables of the environment hold them. */
  readonly held: readonly Planted[];
  readonly planted: readonly Planted[];
  readonly env: Readonly<Record<string, string>>;
  /** Each text on one line. */
  readonly oneLine: readonly string[];
  /** Those that can be a part of a path or a name of git. */
  readonly asName: readonly string[];
  readonly asRef: readonly string[];
  /** Secrets that can be seen in a text, in any spelling, each with what stands before it. */
  seenIn(text: string): readonly string[];
  /** What is wrong with how a command ended: secrets that are shown, an error of ours. */
  faultsOf(result: CliResult): readonly string[];
}

/** The same seed gives the same secrets; a test takes one of chance, so that no secret stands in the repository. */
export function planting(seed: string): Planting {
  const issued = plantedSecrets(seed);
  const held: readonly Planted[] = Array.from({ length: 8 }, (_, index) => {
    const value =
      `${['amber', 'birch', 'cedar', 'dune'][index % 4]} ${seed.slice(3 * index, 3 * index + 5)}ß& "x"_`.repeat(
        index < 4 ? 1 : 2,
      );
    return { kind: `held ${index}`, value, text: value };
  });
  const planted = [...issued, ...held];
  const forms = planted.map(({ kind, value }) => ({ kind, forms: formsOf(value).filter(({ length }) => length >= 6) }));
  const asName = planted.map(({ text }) => text).filter((text) => /^[\w=+.:-]{6,120}$/.test(text));
  const seenIn = (text: string): readonly string[] =>
    forms.flatMap(({ kind, forms: spellings }) => {
      const form = spellings.find((each) => text.includes(each));
      return form === undefined
        ? []
        : [`${kind}: ${text.slice(Math.max(0, text.indexOf(form) - 60), text.indexOf(form) + 20)}`];
    });
  return {
    issued,
    held,
    planted,
    env: {
      ...Object.fromEntries(held.slice(1).map(({ value }, index) => [`SHOP_${index}_TOKEN`, value])),
      DATABASE_URL: `postgres://shop:${encodeURIComponent(held[0]!.value)}@db.example.test/shop`,
    },
    oneLine: planted.map(({ text }) => text.replaceAll('\n', ' ')),
    asName,
    asRef: asName.filter((text) => !/[:]|\.\.|\.$/.test(text)),
    seenIn,
    faultsOf: ({ out, err, code }) => [
      ...seenIn(out),
      ...seenIn(err),
      ...(err.includes('internal error: this is a bug') ? [err] : []),
      ...([0, 1, 2, 3, 4].includes(code) ? [] : [`exit ${code}`]),
    ],
  };
}

/** Six in one text: the longest that an argument takes. */
export function sixes(texts: readonly string[]): readonly (readonly string[])[] {
  return texts.flatMap((_, index) => (index % 6 === 0 ? [texts.slice(index, index + 6)] : []));
}

/** Every text in the database: a value longer than a page is not in one piece in the file. */
export function cellsOf(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all() as {
    readonly name: string;
  }[];
  const cells = tables.flatMap(({ name }) =>
    database
      .prepare(`select * from "${name}"`)
      .all()
      .flatMap((row) => Object.values(row).map(String)),
  );
  database.close();
  return cells;
}

/** Signed texts of envelopes, decoded. */
export function payloadsIn(text: string): readonly string[] {
  return [...text.matchAll(/\\?"payload\\?":\s*\\?"([A-Za-z0-9+/=]+)/g)].map((found) =>
    Buffer.from(found[1]!, 'base64').toString('utf8'),
  );
}

/** A mail without the line breaks and escapes of its encodings. */
export function unwrapped(raw: string): string {
  const soft = raw
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/((?:=[0-9A-F]{2})+)/g, (hex) => Buffer.from(hex.replaceAll('=', ''), 'hex').toString('utf8'));
  return `${raw}\n${soft}\n${raw.replaceAll(/\r?\n/g, '')}`;
}
