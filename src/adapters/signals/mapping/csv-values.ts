import { AqeError } from '../../../core/error/aqe-error.ts';
import { nearest } from '../../../core/error/nearest.ts';
import type { EvidenceMapping, MappedMetric } from '../../../core/policy/evidence-mapping.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { csvSession, separatorOf, type CsvHandler } from '../shared/csv.ts';
import type { MappingSession } from './session.ts';
import { valuesOf, type Values } from './values.ts';

/** Longest header line, in UTF-16 units. */
const maxHeader = 1_000_000;

interface Reader {
  readonly mapped: MappedMetric;
  readonly values: Values;
  readonly index: number;
  readonly where: readonly { readonly index: number; readonly value: string }[];
}

export function csvMapping({ metrics }: EvidenceMapping): MappingSession {
  return (file, toReading) => {
    let readers: readonly Reader[] | null = null;
    const handler: CsvHandler = {
      record(fields, line) {
        if (readers) for (const reader of readers) takeRow(reader, fields, line);
        else readers = metrics.map((mapped) => readerFor(mapped, columnsOf(fields)));
      },
      finish: () => toReading((readers ?? []).map(({ values }) => values.outcome())),
    };
    return lateSession(file, (header) => csvSession(file, separatorOf(header), handler));
  };
}

function takeRow({ mapped, values, index, where }: Reader, fields: readonly string[], line: number): void {
  if (index < 0 || !where.every((condition) => fields[condition.index]?.trim() === condition.value)) return;
  const cell = fields[index];
  if (cell === undefined) values.lack(`line ${line} has no cell for column ${mapped.at}`);
  else values.take(cell, () => `line ${line}, column ${mapped.at}`);
}

type Column = { readonly index: number } | { readonly problem: string };

/** Finds columns of a header by name. */
function columnsOf(header: readonly string[]): (name: string) => Column {
  const names = header.map((name) => name.trim());
  return (name) => {
    const index = names.indexOf(name);
    if (index < 0) {
      const guess = nearest(name, names);
      const known = names.slice(0, 8).map((each) => each.slice(0, 40));
      const also = names.length > known.length ? `, and ${names.length - known.length} more` : '';
      const meant = guess ? `; did you mean ${JSON.stringify(guess.slice(0, 40))}?` : '';
      return { problem: `there is no column ${JSON.stringify(name)}${meant} (columns: ${known.join(', ')}${also})` };
    }
    return names.includes(name, index + 1) ? { problem: `two columns are called ${JSON.stringify(name)}` } : { index };
  };
}

/** A metric with a column that is not there reads no rows. */
function readerFor(mapped: MappedMetric, column: (name: string) => Column): Reader {
  const values = valuesOf(mapped);
  const indexOf = (name: string): number => {
    const found = column(name);
    if ('index' in found) return found.index;
    values.lack(found.problem);
    return -1;
  };
  const index = indexOf(mapped.at);
  const where = mapped.where.map(({ column: name, value }) => ({ index: indexOf(name), value }));
  if (mapped.zeroIf !== null && indexOf(mapped.zeroIf) >= 0) values.allowZero();
  return { mapped, values, index, where };
}

/** A session that is chosen by the first line. */
function lateSession(file: { readonly path: string }, open: (line: string) => ReadingSession): ReadingSession {
  let held = '';
  let session: ReadingSession | null = null;
  const start = (): ReadingSession => {
    const text = held.trimStart();
    const made = open(text.split('\n', 1)[0]!);
    made.push(held);
    held = '';
    return made;
  };
  return {
    push(text) {
      if (session) return session.push(text);
      held += text;
      if (held.trimStart().includes('\n')) session = start();
      else if (held.length > maxHeader)
        throw new AqeError('AQE2005', `the header is longer than ${maxHeader} characters`, { path: file.path });
    },
    finish: () => (session ?? start()).finish(),
  };
}
