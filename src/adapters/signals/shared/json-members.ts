import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession, ReportFile } from '../../../ports/signal-reader.ts';
import { Bounds } from './bounds.ts';
import { parseJson } from './json.ts';

/** Longest single member, in UTF-16 units. */
const maxMemberLength = 64_000_000;

export interface MembersHandler {
  /** One member of the object, parsed and not checked, in the order of the text; a key may come twice. */
  member(key: string, value: unknown): void;
  finish(): Reading;
}

type Expected = 'object' | 'key or end' | 'key' | 'colon' | 'value' | 'comma or end' | 'nothing';

/**
 * A streaming session for formats that are one big JSON object of many members. Holds one member.
 * @throws AqeError AQE2001, AQE2002, AQE2003 for another JSON value than an object, AQE2005
 */
export function jsonMembersSession(file: ReportFile, handler: MembersHandler): ReadingSession {
  const bounds = new Bounds(file);
  let expected: Expected = 'object';
  let key = '';
  /** What is known of the key or value that the last piece of text ended in; undefined between two. */
  let pieces: string[] | undefined;
  let length = 0;
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let isPlain = false;
  let seen = false;

  const refuse = (code: 'AQE2002' | 'AQE2003' | 'AQE2005', detail: string): never => {
    throw new AqeError(code, detail, { path: file.path });
  };
  const give = (last: string): void => {
    const value = parseJson(file, pieces!.join('') + last);
    bounds.item();
    pieces = undefined;
    length = 0;
    if (expected === 'value') {
      handler.member(key, value);
      expected = 'comma or end';
    } else {
      key = String(value);
      expected = 'colon';
    }
  };
  const begin = (char: string): void => {
    pieces = [];
    depth = 0;
    inString = false;
    isPlain = !'{["'.includes(char);
  };
  /** Scans from `at` on; index behind the key or value, or -1 if the text ends before. */
  const endOf = (text: string, at: number): number => {
    if (isPlain) {
      plainEnd.lastIndex = at;
      return plainEnd.exec(text)?.index ?? -1;
    }
    for (let from = at; from < text.length;) {
      if (isEscaped) {
        isEscaped = false;
        from += 1;
        continue;
      }
      const marks = inString ? stringMarks : structure;
      marks.lastIndex = from;
      const match = marks.exec(text);
      if (!match) return -1;
      from = match.index + 1;
      const char = match[0];
      if (char === '\\') isEscaped = true;
      else if (char === '"') inString = !inString;
      else if (char === '{' || char === '[') depth += 1;
      else depth -= 1;
      bounds.depth(depth);
      if (depth <= 0 && !inString) return from;
    }
    return -1;
  };
  /** One character between keys and values. */
  const take = (char: string): void => {
    const isEnd = char === '}' && (expected === 'key or end' || expected === 'comma or end');
    if (expected === 'object') {
      if (char !== '{') refuse(/["[\d\-tfn]/.test(char) ? 'AQE2003' : 'AQE2002', 'it is no JSON object');
      expected = 'key or end';
    } else if (isEnd) expected = 'nothing';
    else if (expected === 'comma or end' && char === ',') expected = 'key';
    else if (expected === 'colon' && char === ':') expected = 'value';
    else if (expected === 'value' || (char === '"' && (expected === 'key or end' || expected === 'key'))) begin(char);
    else refuse('AQE2002', `expected ${expected}, found ${JSON.stringify(char)}`);
  };

  return {
    push(text) {
      for (let at = 0; at < text.length;) {
        if (!pieces) {
          notSpace.lastIndex = at;
          const match = notSpace.exec(text);
          if (!match) return;
          seen = true;
          at = match.index;
          take(match[0]);
          if (!pieces) {
            at += 1;
            continue;
          }
        }
        const end = endOf(text, at);
        if (end < 0) {
          length += text.length - at;
          if (length > maxMemberLength) refuse('AQE2005', `one member is longer than ${maxMemberLength} characters`);
          pieces!.push(text.slice(at));
          return;
        }
        give(text.slice(at, end));
        at = end;
      }
    },
    finish() {
      if (!seen) throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      if (expected !== 'nothing') refuse('AQE2002', 'the object is cut short');
      return handler.finish();
    },
  };
}

const notSpace = /[^ \t\r\n\ufeff]/g;
const plainEnd = /[,}\] \t\r\n]/g;
const structure = /["{}[\]]/g;
const stringMarks = /["\\]/g;
