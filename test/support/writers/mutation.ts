/** Writers of mutation reports. */
import fc from 'fast-check';
import type { RoundTrip } from '../round-trip.ts';
import {
  anyPath,
  anyText,
  jsonStyle,
  luck,
  often,
  unknownKeys,
  withLuck,
  writeJson,
  writeXml,
  xml,
  xmlStyle,
} from './documents.ts';

const states = ['killed', 'timedOut', 'survived', 'noCoverage', 'excluded'] as const;
type State = (typeof states)[number];

interface Mutant {
  readonly path: string;
  readonly line: number;
  readonly state: State;
  readonly text: string;
}

/** Runs in which at least one mutant has a result. */
const mutants: fc.Arbitrary<readonly Mutant[]> = fc
  .array(
    fc.record({
      path: anyPath,
      line: fc.integer({ min: 1, max: 500 }),
      state: fc.constantFrom(...states),
      text: anyText,
    }),
    { minLength: 1, maxLength: 12 },
  )
  .filter((all) => all.some(({ state }) => state !== 'excluded'));

function runOf(all: readonly Mutant[]): object {
  const counts = states.map((state) => [state, all.filter((mutant) => mutant.state === state).length]);
  return { kind: 'mutation', ...Object.fromEntries(counts) };
}

const strykerWords = {
  killed: ['Killed'],
  timedOut: ['Timeout'],
  survived: ['Survived'],
  noCoverage: ['NoCoverage'],
  excluded: ['CompileError', 'RuntimeError', 'Ignored', 'Pending'],
} as const satisfies Record<State, readonly string[]>;

const stryker: RoundTrip = {
  name: 'stryker',
  notices: /mutants are pending/,
  documents: fc.record({ all: mutants, style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const files = Object.fromEntries(
      [...Map.groupBy(all, ({ path }) => path)].map(([path, own]) => [
        path,
        {
          language: 'typescript',
          mutants: own.map(({ line, state, text }, index) => ({
            id: `${index}`,
            location: { start: { line, column: 1 }, end: { line, column: 9 } },
            mutatorName: 'StringLiteral',
            ...withLuck({ replacement: text, statusReason: text, static: false, killedBy: ['1'] }, of),
            status: strykerWords[state][of() % strykerWords[state].length],
          })),
          source: own[0]!.text,
        },
      ]),
    );
    const framework = { name: 'StrykerJS', version: '8.7.1' };
    const report = { files, schemaVersion: of() % 2 ? '2' : '1.7', thresholds: { high: 80, low: 60, break: null } };
    return {
      path: 'mutation.json',
      text: writeJson({ ...report, ...withLuck({ framework }, of), ...unknownKeys(of) }, style),
      expected: [runOf(all)],
    };
  }),
};

const pitWords = {
  killed: ['KILLED', 'MEMORY_ERROR'],
  timedOut: ['TIMED_OUT'],
  survived: ['SURVIVED'],
  noCoverage: ['NO_COVERAGE'],
  excluded: ['NON_VIABLE', 'RUN_ERROR', 'STARTED', 'NOT_STARTED'],
} as const satisfies Record<State, readonly string[]>;

const pit: RoundTrip = {
  name: 'pit',
  notices: /^mutants (?:that did not run|not run to their end)/,
  documents: fc
    .record({ all: mutants, style: xmlStyle, partial: often, of: luck })
    .map(({ all, style, partial, of }) => {
      const root = xml(
        'mutations',
        partial ? { partial: 'true' } : {},
        all.map(({ path, line, state, text }) =>
          xml(
            'mutation',
            {
              detected: state === 'killed' || state === 'timedOut',
              status: pitWords[state][of() % pitWords[state].length],
              numberOfTestsRun: 1,
            },
            xml('sourceFile', {}, path),
            xml('lineNumber', {}, `${line}`),
            xml('killingTest', {}, text),
            xml('description', {}, text),
          ),
        ),
      );
      return { path: 'mutations.xml', text: writeXml(root, style), expected: [runOf(all)] };
    }),
};

export const mutationRuns: readonly RoundTrip[] = [stryker, pit];
