import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { csvSession, separatorOf } from '../shared/csv.ts';
import { wholeNumber } from '../shared/numbers.ts';
import { JmeterSamples } from '../shared/jmeter-samples.ts';

/** Columns in the order in which JMeter 5 writes them by default. */
const defaultColumns = [
  'timestamp',
  'elapsed',
  'label',
  'responsecode',
  'responsemessage',
  'threadname',
  'datatype',
  'success',
  'failuremessage',
  'bytes',
  'sentbytes',
  'grpthreads',
  'allthreads',
  'url',
  'latency',
  'idletime',
  'connect',
];
const otherColumns = ['filename', 'encoding', 'samplecount', 'errorcount', 'hostname'];
const known = new Set([...defaultColumns, ...otherColumns]);
/** Columns that the tables of other tools do not have. */
const telling = ['responsecode', 'threadname', 'datatype', 'failuremessage', 'grpthreads', 'allthreads', 'samplecount'];

/** Longest text that is searched for the end of the first line. */
const maxFirstLine = 65_536;

/** Whether the first line names columns of a sample log, needed ones or not. */
export function isHeaderOfLog(text: string): boolean {
  const columns = new Set(columnsIn(firstLineOf(text)));
  if (!columns.has('elapsed') && !columns.has('timestamp')) return false;
  const count = [...columns].filter((column) => known.has(column)).length;
  return count >= 4 && telling.some((column) => columns.has(column));
}

/** Whether the text begins with a sample and not with a header. */
export function isHeaderless(text: string): boolean {
  return /^\d{13}([,;\t|])\d{1,9}\1[^\n]{0,4000}\1(?:true|false)\1/.test(text);
}

/** @throws AqeError AQE2001, AQE2002, AQE2003, AQE2005, AQE2007 */
export function sampleLogSession(file: { readonly path: string }): ReadingSession {
  let begin = '';
  let inner: ReadingSession | undefined;
  const start = (): ReadingSession => {
    inner = recordsSession(file, separatorOf(firstLineOf(begin)));
    inner.push(begin);
    return inner;
  };
  return {
    push(text) {
      if (inner) inner.push(text);
      else {
        begin = begin === '' ? text.trimStart() : begin + text;
        if (begin.includes('\n') || begin.length > maxFirstLine) start();
      }
    },
    finish: () => (inner ?? start()).finish(),
  };
}

function recordsSession(file: { readonly path: string }, separator: string): ReadingSession {
  const samples = new JmeterSamples(file.path);
  let header: readonly string[] | undefined;
  let places: Places | undefined;
  return csvSession(file, separator, {
    record(fields, line) {
      if (!header) {
        header = headerOf(file, fields, line);
        places = placesOf(header);
        if (header !== defaultColumns) return;
      }
      // Logs of several runs joined to one.
      if (fields[1] !== undefined && fields.length === header.length && isHeader(fields, header)) return;
      if (fields.length < header.length || fields.slice(header.length).some((field) => field !== ''))
        refuse('AQE2002', `a record of ${fields.length} fields under ${header.length} columns`, file, line);
      addRecord(samples, places!, fields, file, line);
    },
    finish: () => samples.reading(),
  });
}

/** Where a column stands; -1 if it is not there. */
interface Places {
  readonly [column: string]: number | undefined;
}

function placesOf(header: readonly string[]): Places {
  return Object.fromEntries([...known].map((column) => [column, header.indexOf(column)]));
}

function addRecord(
  samples: JmeterSamples,
  places: Places,
  fields: readonly string[],
  file: { readonly path: string },
  line: number,
): void {
  const field = (column: string): string | undefined => fields[places[column] ?? -1];
  const count = (column: string): number => wholeNumber(field(column) ?? '', column, file.path, line);
  const success = field('success')?.trim().toLowerCase();
  if (success !== undefined && success !== 'true' && success !== 'false')
    refuse('AQE2003', `success is ${JSON.stringify(success.slice(0, 40))}, not true or false`, file, line);
  samples.add({
    elapsed: count('elapsed'),
    success: success === undefined ? null : success === 'true',
    responseCode: field('responsecode') ?? '',
    responseMessage: field('responsemessage') ?? '',
    threadName: field('threadname') ?? '',
    timeStamp: field('timestamp'),
    counted:
      field('samplecount') === undefined || field('errorcount') === undefined
        ? null
        : { samples: count('samplecount'), errors: count('errorcount') },
  });
}

/** @throws AqeError AQE2003 if the columns are not known, or needed ones are not among them. */
function headerOf(file: { readonly path: string }, fields: readonly string[], line: number): readonly string[] {
  if (/^\d{13}$/.test(fields[0]!)) {
    // Without a header, only all of the default columns leave no doubt which is which.
    const isDefault =
      fields.length === defaultColumns.length &&
      /^(?:true|false)$/.test(fields[7]!) &&
      [1, 9, 10, 11, 12, 14, 15, 16].every((place) => /^\d{1,15}$/.test(fields[place]!));
    if (!isDefault)
      refuse('AQE2003', 'there is no header line, and the columns are not the default ones of JMeter 5', file, line);
    return defaultColumns;
  }
  const header = fields.map((column) => column.trim().toLowerCase());
  const missing = ['elapsed', 'label'].filter((column) => !header.includes(column));
  if (!header.includes('success') && !header.includes('responsecode')) missing.push('success');
  if (missing.length > 0) refuse('AQE2003', `missing columns: ${missing.join(', ')}`, file, line);
  return header;
}

function isHeader(fields: readonly string[], header: readonly string[]): boolean {
  return (
    fields[0]!.trim().toLowerCase() === header[0] &&
    fields.every((each, at) => each.trim().toLowerCase() === header[at])
  );
}

function columnsIn(line: string): readonly string[] {
  return line.split(separatorOf(line)).map((column) => column.replaceAll('"', '').trim().toLowerCase());
}

function firstLineOf(text: string): string {
  const start = text.search(/\S/);
  if (start < 0) return '';
  const end = text.indexOf('\n', start);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + maxFirstLine));
}

function refuse(code: 'AQE2002' | 'AQE2003', detail: string, file: { readonly path: string }, line: number): never {
  throw new AqeError(code, detail, { path: file.path, line });
}
