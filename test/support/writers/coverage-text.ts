/** Writers of coverage reports in lines of text and in JSON. */
import fc from 'fast-check';
import type { Document, RoundTrip } from '../round-trip.ts';
import {
  countOf,
  branchesOf,
  linesOf,
  coverageOf,
  part,
  whole,
  choices,
  type SourceFile,
  type Count,
  type Choices,
} from './coverage-model.ts';
import { jsonStyle, withLuck, writeJson, type JsonStyle } from './documents.ts';

function lcovRecord(
  file: SourceFile,
  reached: boolean,
  { totals, of }: Choices,
  functionStyle: number,
): readonly string[] {
  const { path, lines, functions } = file;
  const times = (hit: number): number => (reached ? hit : 0);
  const lists = functions.map(({ name, line: at, hits: calls }, index) =>
    functionStyle === 0
      ? [`FN:${at},${name}`, `FNDA:${times(calls)},${name}`]
      : functionStyle === 1
        ? [`FN:${at},${at + 3},${name}`, `FNDA:${times(calls)},${name}`]
        : [`FNL:${index},${at},${at + 3}`, `FNA:${index},${times(calls)},${name}`],
  );
  const count = (what: string, counted: Count): readonly string[] =>
    totals ? [`${what}F:${whole(counted)}`, `${what}H:${reached ? part(counted) : 0}`] : [];
  return [
    `TN:${of() % 2 ? 'unit' : ''}`,
    `SF:${path}`,
    ...lists.map(([first]) => first!),
    ...lists.map(([, second]) => second!),
    ...count('FN', countOf(functions)),
    ...lines.flatMap(({ number, hits: executed, branches }) =>
      branches.map((taken, index) => `BRDA:${number},0,${index},${times(executed) === 0 ? '-' : taken}`),
    ),
    ...count('BR', countOf(branchesOf([file]))),
    ...lines.map(({ number, hits: executed }) => `DA:${number},${times(executed)}${of() % 3 ? '' : ',c8b3/+=='}`),
    ...count('L', countOf(lines)),
    'end_of_record',
  ];
}

const lcov: RoundTrip = {
  name: 'lcov',
  documents: fc
    .record({ ...choices, twice: fc.boolean(), functionStyle: fc.nat(2), lineBreak: fc.constantFrom('\n', '\r\n') })
    .map(({ twice, functionStyle, lineBreak, ...all }) => {
      const { files } = all;
      const records = files.map((file) => lcovRecord(file, true, all, functionStyle));
      // A second test that executes nothing of what the first one did.
      const more = twice ? files.map((file) => lcovRecord(file, false, all, functionStyle)) : [];
      const text = [...records, ...more].flat().join(lineBreak) + lineBreak;
      return { path: 'lcov.info', text, expected: [coverageOf(files)] };
    }),
};

function jsonDocuments(
  path: string,
  write: (choices: Choices) => { readonly value: unknown; readonly otherwise: object },
): fc.Arbitrary<Document> {
  return fc.record({ ...choices, style: jsonStyle }).map((all: Choices & { readonly style: JsonStyle }) => {
    const { value, otherwise } = write(all);
    return { path, text: writeJson(value, all.style), expected: [coverageOf(all.files, otherwise)] };
  });
}

function place(start: number): object {
  return { start: { line: start, column: 2 }, end: { line: start, column: null } };
}

function byIndex<T, U>(items: readonly T[], of: (item: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(items.map((item, index) => [String(index), of(item)]));
}

const istanbul: RoundTrip = {
  name: 'istanbul-json',
  documents: jsonDocuments('coverage-final.json', ({ files, of }) => {
    // A second statement on the line, that was not reached.
    const statements = files.map((file) =>
      file.lines.flatMap((each) => (of() % 4 === 0 ? [each, { ...each, hits: 0, branches: [] }] : [each])),
    );
    const entries = files.map((file, index): [string, object] => {
      const own = statements[index]!;
      const branching = own.filter(({ branches }) => branches.length > 0);
      return [
        file.path,
        {
          path: file.path,
          statementMap: byIndex(own, ({ number }) => place(number)),
          fnMap: byIndex(file.functions, ({ name, line: at }) => ({ name, decl: place(at), loc: place(at), line: at })),
          branchMap: byIndex(branching, ({ number, branches }) => ({
            loc: place(number),
            type: 'if',
            locations: branches.map(() => place(number)),
            line: number,
          })),
          s: byIndex(own, (each) => each.hits),
          f: byIndex(file.functions, (each) => each.hits),
          b: byIndex(branching, (each) => each.branches),
          ...withLuck(
            { _coverageSchema: '1a1c01bb', hash: 'abc', inputSourceMap: { version: 3, mappings: 'AAAA' } },
            of,
          ),
        },
      ];
    });
    return { value: Object.fromEntries(entries), otherwise: { statements: countOf(statements.flat()) } };
  }),
};

const istanbulSummary: RoundTrip = {
  name: 'istanbul-summary',
  documents: jsonDocuments('coverage-summary.json', ({ files }) => {
    const metric = (count: Count): object => ({
      total: whole(count),
      covered: part(count),
      skipped: 0,
      pct: count ? Math.floor((10_000 * count.part) / count.whole) / 100 : 'Unknown',
    });
    const entry = (of: readonly SourceFile[]): object => ({
      lines: metric(countOf(linesOf(of))),
      statements: metric(countOf(linesOf(of))),
      functions: metric(countOf(of.flatMap((file) => file.functions))),
      branches: metric(countOf(branchesOf(of))),
    });
    const value = Object.fromEntries([
      ['total', entry(files)],
      ...files.map((file) => [file.path, entry([file])] as const),
    ]);
    return { value, otherwise: { statements: countOf(linesOf(files)), hits: {} } };
  }),
};

const goCover: RoundTrip = {
  name: 'go-cover',
  notices: /^profiles that stand one after the other/,
  documents: fc
    .record({
      ...choices,
      twice: fc.boolean(),
      mode: fc.constantFrom('set', 'count', 'atomic'),
      lineBreak: fc.constantFrom('\n', '\r\n'),
    })
    .map(({ files, twice, mode, lineBreak, of }) => {
      const blocks = files.flatMap(({ path, lines }) =>
        lines.map((each) => ({ path, number: each.number, hits: each.hits, statements: 1 + (of() % 4) })),
      );
      const profile = (reached: boolean): readonly string[] => [
        `mode: ${mode}`,
        ...blocks.map(
          (block) =>
            `${block.path}:${block.number}.2,${block.number}.40 ${block.statements} ${reached ? block.hits : 0}`,
        ),
      ];
      const sum = (own: typeof blocks): number => own.reduce((all, { statements }) => all + statements, 0);
      const statements = { part: sum(blocks.filter((block) => block.hits > 0)), whole: sum(blocks) };
      const text = [...profile(true), ...(twice ? profile(false) : [])].join(lineBreak) + lineBreak;
      return {
        path: 'coverage.out',
        text,
        expected: [coverageOf(files, { branches: null, functions: null, statements })],
      };
    }),
};

export const textCoverage: readonly RoundTrip[] = [lcov, goCover, istanbul, istanbulSummary];
