import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReportFile } from '../../../ports/signal-reader.ts';
import { Bounds } from './bounds.ts';
import { JsonString } from './json-string.ts';

/** Longest single value, in UTF-16 units. */
const maxValueLength = 64_000_000;

export interface SequenceHandler<R = Reading> {
  /** One value of the sequence, parsed and not checked; `line` is where it begins, `text` what it was parsed from. */
  value(value: unknown, line: number, text: string): void;
  /** Text between values that is not JSON: refused unless a handler takes it. */
  stray?(text: string, line: number): void;
  finish(): R;
}

/**
 * A streaming session for JSON values one after the other, objects or arrays: one a line (NDJSON) or over many lines.
 * Holds one value. @throws AqeError AQE2001, AQE2002, AQE2005
 */
export function jsonSequenceSession<R = Reading>(
  file: ReportFile,
  handler: SequenceHandler<R>,
): { push(text: string): void; finish(): R } {
  const bounds = new Bounds(file);
  /** Pieces of the value that were scanned; joined when it ends, since joining at each piece takes the square of its time. */
  let before: string[] = [];
  let length = 0;
  let held = '';
  /** Where scanning goes on in `held`; -1 for the start of the value means: between values. */
  let at = 0;
  let start = -1;
  let depth = 0;
  const string = new JsonString();
  let line = 1;
  let startLine = 1;
  let seen = false;
  const refuse = (code: 'AQE2002' | 'AQE2005', detail: string, where = line): never => {
    throw new AqeError(code, detail, { path: file.path, line: where });
  };

  const between = (): void => {
    // Whole lines only: what is not JSON is judged by the line.
    for (;;) {
      const found = /\S/g;
      found.lastIndex = at;
      const match = found.exec(held);
      countLines(held.slice(at, match ? match.index : held.length));
      at = match ? match.index : held.length;
      if (!match) return;
      const char = held[at]!;
      if (char === '{' || char === '[') {
        start = at;
        startLine = line;
        return;
      }
      const end = held.indexOf('\n', at);
      if (!handler.stray) stray(held.slice(at));
      if (end < 0) return;
      stray(held.slice(at, end));
      at = end;
    }
  };
  const countLines = (part: string): void => {
    for (let next = part.indexOf('\n'); next >= 0; next = part.indexOf('\n', next + 1)) line += 1;
  };
  const stray = (text: string): void => {
    if (!handler.stray) refuse('AQE2002', 'there is text between the JSON values');
    else handler.stray(text.trimEnd(), line);
  };
  const give = (text: string): void => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      refuse('AQE2002', 'a value of the sequence is not JSON', startLine);
    }
    seen = true;
    bounds.item(startLine);
    handler.value(value, startLine, text);
  };
  /** Scans on; true if a value ended. */
  const within = (): boolean => {
    for (;;) {
      if (string.isOpen) at = string.skip(held, at);
      if (string.isOpen) return false;
      structure.lastIndex = at;
      const match = structure.exec(held);
      if (!match) {
        at = held.length;
        return false;
      }
      at = match.index + 1;
      const char = match[0];
      if (char === '"') string.isOpen = true;
      else if (char === '{' || char === '[') {
        depth += 1;
        bounds.depth(depth, startLine);
      } else {
        depth -= 1;
        if (depth === 0) return true;
      }
    }
  };
  return {
    push(text) {
      held += text;
      for (;;) {
        if (start < 0) {
          between();
          if (start < 0) break;
        }
        if (!within()) break;
        const value = before.join('') + held.slice(start, at);
        before = [];
        length = 0;
        give(value);
        countLines(value);
        start = -1;
      }
      if (start < 0) {
        held = held.slice(at);
        at = 0;
      } else {
        before.push(held.slice(start));
        length += held.length - start;
        held = '';
        start = at = 0;
      }
      if (held.length + length > maxValueLength)
        refuse('AQE2005', `one value is longer than ${maxValueLength} characters`, startLine);
    },
    finish() {
      if (start >= 0) refuse('AQE2002', 'the last value is cut short', startLine);
      if (held.trim() !== '') stray(held);
      if (!seen) throw new AqeError('AQE2001', 'the file has no JSON value', { path: file.path });
      return handler.finish();
    },
  };
}

const structure = /["{}[\]]/g;
