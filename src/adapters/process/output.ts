import { ProcessFailure } from './process-failure.ts';
import { RecordSplitter, type TextEncoding } from './records.ts';

export interface RecordSink {
  readonly separator: '\0' | '\n';
  readonly encoding?: TextEncoding;
  /** Return false when enough was seen: the child is ended and the run counts as a success. */
  readonly take: (record: string) => boolean | void;
}

/** Takes what a child writes. */
export interface Output {
  /** False when nothing more is wanted. */
  push(bytes: Buffer): boolean;
  /** Text that was collected. */
  finish(): string;
}

/** @throws ProcessFailure in `push` when the text passes the limit. */
export function collected(maxBytes: number): Output {
  const parts: Buffer[] = [];
  let length = 0;
  return {
    push(bytes): boolean {
      length += bytes.length;
      if (length > maxBytes) throw new ProcessFailure('too-much-output', `more than ${maxBytes} bytes of output`);
      parts.push(bytes);
      return true;
    },
    finish: () => Buffer.concat(parts).toString('utf8'),
  };
}

/** The first `maxBytes`, for messages. */
export function beginning(maxBytes: number): Output {
  const parts: Buffer[] = [];
  let length = 0;
  return {
    push(bytes): boolean {
      if (length < maxBytes) parts.push(bytes.subarray(0, maxBytes - length));
      length += bytes.length;
      return true;
    },
    finish: () => Buffer.concat(parts).toString('utf8'),
  };
}

export function byRecord({ separator, encoding = 'utf8', take }: RecordSink, maxLength: number): Output {
  const splitter = new RecordSplitter(separator, encoding, maxLength);
  let wanted = true;
  return {
    push(bytes): boolean {
      for (const record of splitter.push(bytes)) {
        wanted = take(record) !== false;
        if (!wanted) break;
      }
      return wanted;
    },
    finish(): string {
      const last = wanted ? splitter.end() : '';
      if (last !== '') take(last);
      return '';
    },
  };
}
