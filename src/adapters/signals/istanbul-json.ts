import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import { compactHits, countHits, coverageOfFiles, createHits, sumCounts } from '../../core/evidence/line-hits.ts';
import type { Count, FileCoverage } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonMembersSession, type MembersHandler } from './shared/json-members.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { lineMarker } from './shared/line-marker.ts';
import { ownText } from './shared/own-text.ts';
import { amount, onFirstUse, wholeNumber } from './shared/schema.ts';

const schema = onFirstUse(() => {
  const hits = z.record(z.string(), amount);
  return z.object({
    statementMap: z.record(z.string(), z.object({ start: z.object({ line: z.nullish(wholeNumber) }) })),
    s: hits,
    fnMap: z.record(z.string(), z.unknown()),
    f: hits,
    branchMap: z.record(z.string(), z.object({ type: z.nullish(z.string()) })),
    b: z.record(z.string(), z.array(amount)),
    all: z.optional(z.unknown()),
    hash: z.optional(z.unknown()),
    _coverageSchema: z.optional(z.unknown()),
    inputSourceMap: z.optional(z.unknown()),
  });
});
type Source = z.infer<ReturnType<typeof schema>>;

const parts = ['statementMap', 'fnMap', 'branchMap', 's', 'f', 'b'] as const;

/** Istanbul's coverage by file: coverage-final.json of nyc, c8, Jest and Vitest, and the raw files of `.nyc_output`. */
export const istanbulJson: SignalReader = {
  id: 'istanbul-json',
  title: 'Istanbul coverage by file (json)',
  gives: ['coverage'],
  names: ['coverage-final.json'],
  countingUnit:
    'As istanbul-lib-coverage counts: one statement, one path of a branch, one function; a line is one where a statement starts, executed as often as the most executed of them.',
  detects({ path, text }) {
    const entries = Object.entries(objectOf(jsonHead(text)));
    if (entries.length === 0) return /(?:^|[\\/])coverage-final\.json$/i.test(path) && /^\s*\{\s*\}\s*$/.test(text);
    const first = objectOf(entries[0]![1]);
    // The start of a long file may end within its statements.
    const [statement] = Object.values(objectOf(first['statementMap']));
    return isObject(objectOf(statement)['start']) || parts.filter((part) => isObject(first[part])).length > 1;
  },
  open: (file) => jsonMembersSession(file, coverageHandler(file)),
};

function isObject(value: unknown): boolean {
  return objectOf(value) === value;
}

interface Measured {
  readonly coverage: FileCoverage;
  readonly statements: Count;
  readonly engine: 'istanbul' | 'v8' | 'unknown';
}

function coverageHandler(file: { readonly path: string }): MembersHandler {
  const files = new Map<string, Measured>();
  const marker = lineMarker(file.path);

  const measure = (path: string, source: Source): Measured => {
    const hits = createHits();
    for (const [id, { start }] of Object.entries(source.statementMap)) {
      if (typeof start.line === 'number' && Object.hasOwn(source.s, id))
        marker.mark(hits, start.line, source.s[id]! > 0);
    }
    const branches = { part: 0, whole: 0 };
    for (const paths of Object.values(source.b)) {
      branches.whole += paths.length;
      branches.part += paths.filter((count) => count > 0).length;
    }
    return {
      coverage: {
        path,
        lines: known(countHits(hits)),
        branches: known(branches),
        functions: known(countOf(source.f)),
        hits: compactHits(hits),
      },
      statements: countOf(source.s),
      engine: engineOf(source),
    };
  };

  return {
    member(key, value) {
      const path = ownText(key);
      let source: Source;
      try {
        source = checkShape(file, schema(), value);
      } catch (cause) {
        if (!(cause instanceof AqeError)) throw cause;
        throw new AqeError(cause.code, `file ${files.size + 1}: ${cause.detail}`, { path: file.path }, cause);
      }
      files.set(path, measure(path, source));
    },
    finish() {
      const all = [...files.values()];
      const engines = new Set(all.map(({ engine }) => engine).filter((engine) => engine !== 'unknown'));
      const engine = engines.size === 1 ? [...engines][0]! : 'unknown';
      const coverage = coverageOfFiles(
        engine,
        all.map((one) => one.coverage),
      );
      const statements = sumCounts(all.map((one) => one.statements));
      if (!statements && !coverage.functions && !coverage.branches)
        throw new AqeError('AQE2007', 'no line, statement, function or branch is instrumented', { path: file.path });
      return {
        producer: { name: 'istanbul-reports' },
        facts: [{ ...coverage, statements }],
        notices: marker.notices(),
      };
    },
  };
}

/**
 * Only Istanbul's own instrumenter leaves its schema, hash or input source map behind. What is converted from V8 has
 * `all`, or branches of the type `branch`; the newest converters leave no trace.
 */
function engineOf(source: Source): Measured['engine'] {
  if ([source['_coverageSchema'], source.hash, source.inputSourceMap].some((trace) => trace !== undefined))
    return 'istanbul';
  const isV8 = source.all !== undefined || Object.values(source.branchMap).some(({ type }) => type === 'branch');
  return isV8 ? 'v8' : 'unknown';
}

function countOf(hits: Readonly<Record<string, number>>): Count {
  const counts = Object.values(hits);
  return { part: counts.filter((count) => count > 0).length, whole: counts.length };
}

function known(count: Count): Count | null {
  return count.whole > 0 ? count : null;
}
