import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { xmlSession, xmlStart, type XmlHandler } from './shared/xml.ts';

/** PIT's own words (`DetectionStatus`). */
const placeOf = new Map([
  ['KILLED', 'killed'],
  ['MEMORY_ERROR', 'killed'],
  ['TIMED_OUT', 'timedOut'],
  ['SURVIVED', 'survived'],
  ['NO_COVERAGE', 'noCoverage'],
  ['NON_VIABLE', 'excluded'],
  ['RUN_ERROR', 'excluded'],
  ['STARTED', 'excluded'],
  ['NOT_STARTED', 'excluded'],
] as const);
type Status = Parameters<typeof placeOf.get>[0];

/** PIT's mutations.xml, also of its engines Descartes and ArcMutate. */
export const pit: SignalReader = {
  id: 'pit',
  title: 'PIT mutation report (XML)',
  gives: ['mutation'],
  names: ['mutations.xml'],
  countingUnit:
    'One mutant, by its status. A mutant that ran out of memory is killed; one that the JVM refused or PIT failed to run (NON_VIABLE, RUN_ERROR), or that was not run to its end, stays out of the score, though PIT counts the first two as detected.',
  detects: ({ text }) => xmlStart(text)?.root === 'mutations',
  open: (file) => xmlSession(file, mutationsHandler(file.path)),
};

function mutationsHandler(path: string): XmlHandler {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    roots: ['mutations'],
    // The root's `partial` speaks of the line coverage that PIT measured first, and not of the mutants.
    open({ name, attributes }, depth) {
      if (name !== 'mutation' || depth !== 2) return;
      const status = attributes['status'] ?? '';
      if (!placeOf.has(status as Status))
        throw new AqeError('AQE2003', `the status of a mutation is ${JSON.stringify(status.slice(0, 40))}`, { path });
      counts.set(status, (counts.get(status) ?? 0) + 1);
      total += 1;
    },
    close() {},
    wantsText: () => false,
    finish() {
      const run = { killed: 0, timedOut: 0, survived: 0, noCoverage: 0, excluded: 0 };
      for (const [status, count] of counts) run[placeOf.get(status as Status)!] += count;
      if (run.excluded === total)
        throw new AqeError('AQE2007', `none of ${total} mutants has a result that counts`, { path });
      const unfinished = (counts.get('STARTED') ?? 0) + (counts.get('NOT_STARTED') ?? 0);
      const detectedByPit = run.excluded - unfinished;
      return {
        producer: { name: 'PIT' },
        facts: [{ kind: 'mutation', ...run }],
        notices: [
          ...(detectedByPit > 0
            ? [
                `mutants that did not run (NON_VIABLE, RUN_ERROR), which PIT counts as detected and we leave out: ${detectedByPit}`,
              ]
            : []),
          ...(unfinished > 0
            ? [`mutants not run to their end when the report was written: ${unfinished} of ${total}`]
            : []),
        ],
      };
    },
  };
}
