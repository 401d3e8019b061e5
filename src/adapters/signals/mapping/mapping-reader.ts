import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Measure, Reading } from '../../../core/evidence/reading.ts';
import { mappingFormat, type EvidenceMapping, type MappedOutcome } from '../../../core/policy/evidence-mapping.ts';
import type { AssignedReader } from '../../../ports/signal-reader.ts';
import type { MappingSession } from './session.ts';

/**
 * The reader that a mapping of the config stands for. `onOutcomes` is told what each metric came to, also when the report is
 * refused for one of them. @throws MappingPathError for a path that is not written right.
 */
export async function mappingReader(
  mapping: EvidenceMapping,
  onOutcomes: (outcomes: readonly MappedOutcome[]) => void = () => undefined,
): Promise<AssignedReader> {
  const open = await sessionFor(mapping);
  return {
    id: mappingFormat(mapping.name),
    title: `mapping ${mapping.name}`,
    gives: ['measure'],
    names: [],
    files: mapping.files,
    countingUnit: 'what the mapping says',
    detects: () => false,
    open: (file) =>
      open(file, (outcomes) => {
        onOutcomes(outcomes);
        return readingOf(mapping, outcomes, file.path);
      }),
  };
}

async function sessionFor(mapping: EvidenceMapping): Promise<MappingSession> {
  switch (mapping.type) {
    case 'json':
      return (await import('./json-values.ts')).jsonMapping(mapping);
    case 'xml':
      return (await import('./xml-values.ts')).xmlMapping(mapping);
    case 'csv':
      return (await import('./csv-values.ts')).csvMapping(mapping);
  }
}

function readingOf({ name, producer }: EvidenceMapping, outcomes: readonly MappedOutcome[], path: string): Reading {
  const problems = outcomes.flatMap(({ metric, problem }) => (problem ? [{ metric, ...problem }] : []));
  const [first] = problems;
  if (first) {
    const shown = problems.slice(0, 3).map(({ metric, detail }) => `${metric}: ${detail}`);
    const more = problems.length > shown.length ? ` (+${problems.length - shown.length} more)` : '';
    throw new AqeError(first.code, shown.join('; ') + more, { path });
  }
  const facts = outcomes.flatMap(({ metric, at, aggregate, unit, found, value, converted }): readonly Measure[] =>
    value === null || converted === null
      ? []
      : [{ kind: 'measure', metric, value: converted, mapped: { at, aggregate, unit, found, value } }],
  );
  return { producer: { name: producer ?? name }, facts, notices: [] };
}
