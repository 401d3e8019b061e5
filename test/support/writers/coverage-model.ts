/** Executed lines, branches and functions, in no format. */
import fc from 'fast-check';
import type { Document } from '../round-trip.ts';
import { anyLine, anyPath, luck, often, writeXml, xmlStyle, type Luck, type Xml, type XmlStyle } from './documents.ts';

export interface Line {
  readonly number: number;
  readonly hits: number;
  /** How often each way out of the line was taken; at least one was, if the line was executed. */
  readonly branches: readonly number[];
}

export interface Procedure {
  readonly name: string;
  /** Not among the lines that count. */
  readonly line: number;
  readonly hits: number;
}

export interface SourceFile {
  readonly path: string;
  /** At least one, in ascending order. */
  readonly lines: readonly Line[];
  readonly functions: readonly Procedure[];
}

const hits = fc.constantFrom(0, 0, 1, 1, 2, 17, 4_294_967_296, Number.MAX_SAFE_INTEGER);

const line: fc.Arbitrary<Line> = fc
  .record({
    number: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 120 }) }, fc.integer({ min: 1, max: 70_000 })),
    hits,
    branches: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(2), { minLength: 2, maxLength: 4 })),
  })
  .map((of) => ({
    ...of,
    branches: of.branches.map((taken, index) => (of.hits === 0 ? 0 : index === 0 ? taken + 1 : taken)),
  }));

const procedures: fc.Arbitrary<readonly Procedure[]> = fc
  .array(fc.record({ name: anyLine, hits }), { maxLength: 4 })
  .map((all) => all.map((each, index) => ({ ...each, name: `f${each.name}`, line: 80_000 + index })));

const sourceFile: fc.Arbitrary<SourceFile> = fc.record({
  path: anyPath,
  lines: fc
    .uniqueArray(line, { minLength: 1, maxLength: 10, selector: ({ number }) => number })
    .map((all) => all.toSorted((a, b) => a.number - b.number)),
  functions: procedures,
});

const sourceFiles = fc.uniqueArray(sourceFile, { minLength: 1, maxLength: 4, selector: ({ path }) => path });

export type Count = { readonly part: number; readonly whole: number } | null;

export function countOf(all: readonly { readonly hits: number }[]): Count {
  return all.length === 0 ? null : { part: all.filter((each) => each.hits > 0).length, whole: all.length };
}

export function branchesOf(files: readonly SourceFile[]): readonly { readonly hits: number }[] {
  return files.flatMap(({ lines }) => lines.flatMap(({ branches }) => branches.map((taken) => ({ hits: taken }))));
}

export function linesOf(files: readonly SourceFile[]): readonly Line[] {
  return files.flatMap((file) => file.lines);
}

/** The fact that a document of these files is read as, but for what a format counts otherwise. */
export function coverageOf(files: readonly SourceFile[], otherwise: object = {}): object {
  const shown = ({ lines }: SourceFile): string =>
    lines.map((of) => `${of.number}${of.hits > 0 ? '+' : '-'}`).join(' ');
  return {
    kind: 'coverage',
    lines: countOf(linesOf(files)),
    branches: countOf(branchesOf(files)),
    functions: countOf(files.flatMap((file) => file.functions)),
    statements: null,
    hits: Object.fromEntries(files.map((file) => [`/${file.path}`, shown(file)])),
    ...otherwise,
  };
}

export function part(count: Count): number {
  return count?.part ?? 0;
}

export function whole(count: Count): number {
  return count?.whole ?? 0;
}

export interface Choices {
  readonly files: readonly SourceFile[];
  readonly totals: boolean;
  readonly of: Luck;
}

export const choices = { files: sourceFiles, totals: often, of: luck };

export function xmlDocuments(
  path: string,
  write: (choices: Choices) => { readonly root: Xml; readonly otherwise?: object; readonly doctype?: string },
  prepare: (files: readonly SourceFile[]) => readonly SourceFile[] = (files) => files,
): fc.Arbitrary<Document> {
  return fc.record({ ...choices, style: xmlStyle }).map((all: Choices & { readonly style: XmlStyle }) => {
    const files = prepare(all.files);
    const { root, otherwise, doctype } = write({ ...all, files });
    return { path, text: writeXml(root, all.style, doctype), expected: [coverageOf(files, otherwise)] };
  });
}
