import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReportFile } from '../../../ports/signal-reader.ts';
import { Bounds } from './bounds.ts';

const maxFields = 4096;

export interface CsvHandler<R = Reading> {
  /** One record; fields may hold line breaks. `line` is where the record begins. Empty lines are no records. */
  record(fields: readonly string[], line: number): void;
  finish(): R;
}

/**
 * A streaming session for CSV (RFC 4180, and any other single separator): quotes double inside quoted fields, records end
 * in LF or CRLF. Holds one record. @throws AqeError AQE2001, AQE2002, AQE2005
 */
export function csvSession<R = Reading>(
  file: ReportFile,
  separator: string,
  handler: CsvHandler<R>,
): { push(text: string): void; finish(): R } {
  const plainEnd = new RegExp(`[\\n${separator === '\t' ? '\\t' : `\\${separator}`}]`, 'g');
  const bounds = new Bounds(file);
  let held = '';
  let fields: string[] = [];
  /** What is known of a quoted field so far; null outside of one. */
  let quoted: string | null = null;
  let line = 1;
  let startLine = 1;
  let seen = false;
  const refuse = (code: 'AQE2002' | 'AQE2005', detail: string): never => {
    throw new AqeError(code, detail, { path: file.path, line: startLine });
  };
  const field = (text: string): void => {
    bounds.text(text.length, 'a field', startLine);
    if (fields.push(text) > maxFields) refuse('AQE2005', `a record has more than ${maxFields} fields`);
  };
  const endRecord = (): void => {
    const record = fields;
    fields = [];
    const empty = record.length === 1 && record[0]!.trim() === '';
    if (!empty) {
      seen = true;
      bounds.item(startLine);
      handler.record(record, startLine);
    }
    line += 1;
    startLine = line;
  };
  const scan = (last: boolean): void => {
    let at = 0;
    while (at < held.length || (last && quoted !== null)) {
      if (quoted === null && held[at] === '"') {
        quoted = '';
        at += 1;
      }
      if (quoted !== null) {
        const quote = held.indexOf('"', at);
        const end = quote < 0 ? held.length : quote;
        const part = held.slice(at, end);
        // Looked for in this part alone: a search of all that is held, again for each quote, would take the square of its time.
        for (let next = part.indexOf('\n'); next >= 0; next = part.indexOf('\n', next + 1)) line += 1;
        quoted += part;
        bounds.text(quoted.length, 'a field', startLine);
        at = end;
        if (quote < 0) {
          if (last) refuse('AQE2002', 'a quoted field does not end');
          break;
        }
        // Whether it ends the field or stands for itself is said by the next character.
        if (quote + 1 >= held.length && !last) break;
        if (held[quote + 1] === '"') {
          quoted += '"';
          at = quote + 2;
          continue;
        }
        const after = held[quote + 1] === '\r' ? quote + 2 : quote + 1;
        if (after >= held.length && !last) break;
        const next = held[after];
        if (next !== undefined && next !== '\n' && next !== separator)
          refuse('AQE2002', 'there is text behind the quote that ends a field');
        field(quoted);
        quoted = null;
        at = after + 1;
        if (next !== separator) endRecord();
        continue;
      }
      plainEnd.lastIndex = at;
      const match = plainEnd.exec(held);
      if (!match && !last) break;
      const end = match ? match.index : held.length;
      const text = held.slice(at, end);
      field(match?.[0] === separator || !text.endsWith('\r') ? text : text.slice(0, -1));
      at = end + 1;
      if (match?.[0] !== separator) endRecord();
    }
    if (last && fields.length > 0) {
      // Behind a separator there is one more field, if only an empty one.
      field('');
      endRecord();
    }
    held = held.slice(Math.min(at, held.length));
  };
  return {
    push(text) {
      held += text;
      scan(false);
      bounds.text(held.length, 'a field', startLine);
    },
    finish() {
      scan(true);
      if (!seen) throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      return handler.finish();
    },
  };
}

/** The separator of a header line: the one of comma, semicolon, tab and bar that it has most of. */
export function separatorOf(header: string): string {
  const candidates = [',', ';', '\t', '|'];
  const counts = candidates.map((candidate) => header.split(candidate).length);
  return candidates[counts.indexOf(Math.max(...counts))]!;
}
