import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession, ReportFile } from '../../../ports/signal-reader.ts';
import { Bounds } from './bounds.ts';

export interface LineHandler {
  /** One line without its line break (LF or CRLF); `number` is 1 for the first. */
  line(text: string, number: number): void;
  finish(): Reading;
}

/** A streaming session for formats that are lines of text. Holds one line. @throws AqeError AQE2001, AQE2005 */
export function linesSession(file: ReportFile, handler: LineHandler): ReadingSession {
  let rest = '';
  let number = 0;
  let hasContent = false;
  const bounds = new Bounds(file);
  const give = (text: string): void => {
    number += 1;
    bounds.item(number);
    bounds.text(text.length, 'a line', number);
    if (text.trim() !== '') hasContent = true;
    handler.line(text.endsWith('\r') ? text.slice(0, -1) : text, number);
  };
  return {
    push(text) {
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        give(rest + text.slice(start, end));
        rest = '';
        start = end + 1;
      }
      rest += text.slice(start);
      bounds.text(rest.length, 'a line', number + 1);
    },
    finish() {
      if (rest !== '') give(rest);
      if (!hasContent) throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      return handler.finish();
    },
  };
}
