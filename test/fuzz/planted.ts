import { readFileSync } from 'node:fs';
import { junit } from '../../src/adapters/signals/junit.ts';
import { eslint } from '../../src/adapters/signals/eslint.ts';
import type { Fact, Reading } from '../../src/core/evidence/reading.ts';
import type { SignalReader } from '../../src/ports/signal-reader.ts';

/** A reader with a bug that somebody could write. */
export interface PlantedBug {
  readonly reader: SignalReader;
  /** The reader whose fixtures are damaged for it. */
  readonly fixtures: string;
  /** Inputs among which it shows. */
  readonly from: number;
  readonly count: number;
  /** What the fuzzer says of it. */
  readonly caughtBy: RegExp;
  /** It gives no answer at all. */
  readonly isEndless?: boolean;
}

/** Every bug here must be found by the suite: it shows that each kind of judgement works. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'a count that is not a number': {
    fixtures: 'junit',
    from: 0,
    count: 2000,
    reader: changed(junit, 'planted-count', (text, reading) =>
      withFact(reading, 'tests', { total: Number(/ tests="([^"]*)"/.exec(text)?.[1] ?? 1) }),
    ),
    caughtBy: /tests total is|tests are not/,
  },
  'null where an object was expected': {
    fixtures: 'eslint',
    from: 0,
    count: 2000,
    reader: changed(eslint, 'planted-null', (text, reading) => {
      const [first] = JSON.parse(text) as readonly {
        readonly messages: readonly { readonly fix: { readonly text: string } }[];
      }[];
      return { ...reading, notices: first!.messages.map(({ fix }) => fix.text) };
    }),
    caughtBy: /TypeError/,
  },
  'members of a report copied to plain objects': {
    fixtures: 'eslint',
    from: 0,
    count: 2000,
    reader: changed(eslint, 'planted-merge', (text, reading) => {
      const into: Record<string, unknown> = {};
      merge(into, JSON.parse(text) as Record<string, unknown>);
      return reading;
    }),
    caughtBy: /Object\.prototype/,
  },
  'a loop that does not end': {
    fixtures: 'junit',
    from: 0,
    count: 2000,
    reader: changed(junit, 'planted-loop', (text, reading) => {
      // Behind the last line end there may be a test, too.
      for (let at = text.indexOf('<testcase'); at >= 0; at = text.indexOf('<testcase', at)) at = text.indexOf('\n', at);
      return reading;
    }),
    caughtBy: /no answer/,
    isEndless: true,
  },
  'everything held that was ever read': {
    fixtures: 'junit',
    from: 0,
    count: 2000,
    reader: changed(junit, 'planted-leak', (_, reading) => {
      held.push(Array.from({ length: 500_000 }, (_, index) => ({ index })));
      return reading;
    }),
    caughtBy: /memory/,
  },
  'a path of a report that is followed': {
    fixtures: 'eslint',
    from: 0,
    count: 2000,
    reader: changed(eslint, 'planted-entity', (text, reading) => {
      const [, file] = /"filePath"\s*:\s*"(test\/[^"]*)"/.exec(text) ?? [];
      return file === undefined ? reading : { ...reading, notices: [readFileSync(file, 'utf8')] };
    }),
    caughtBy: /quotes a foreign file/,
  },
  'a file outside that is opened': {
    fixtures: 'eslint',
    from: 0,
    count: 2000,
    reader: changed(eslint, 'planted-file', (text, reading) => {
      const [, file] = /"(\/etc\/[^"]*)"/.exec(text) ?? [];
      return file === undefined ? reading : { ...reading, notices: [readFileSync(file, 'utf8')] };
    }),
    caughtBy: /Access to this API has been restricted/,
  },
  'a template that is compiled': {
    fixtures: 'junit',
    from: 0,
    count: 2000,
    reader: changed(junit, 'planted-eval', (_, reading) => ({ ...reading, notices: [String(compiled('1 + 1'))] })),
    caughtBy: /Code generation from strings disallowed/,
  },
};

const held: unknown[] = [];

/** A reader whose readings are changed, with the text of the report at hand. */
function changed(reader: SignalReader, id: string, change: (text: string, reading: Reading) => Reading): SignalReader {
  return {
    ...reader,
    id,
    open(file) {
      const session = reader.open(file);
      let all = '';
      return {
        push(text) {
          all += text;
          session.push(text);
        },
        finish: () => change(all, session.finish()),
      };
    },
  };
}

function withFact(reading: Reading, kind: Fact['kind'], more: Partial<Fact>): Reading {
  return {
    ...reading,
    facts: reading.facts.map((fact) => (fact.kind === kind ? ({ ...fact, ...more } as Fact) : fact)),
  };
}

function merge(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    if (typeof value !== 'object' || value === null) into[key] = value;
    else merge((into[key] ??= {}) as Record<string, unknown>, value as Record<string, unknown>);
  }
}

function compiled(source: string): unknown {
  return (new Function(`return ${source}`) as () => unknown)();
}
