import { inline } from '../../core/report/encode.ts';
import type { ReadWatch } from '../../ports/read-watch.ts';
import type { Io } from './command.ts';

/** Milliseconds of reading after which people wonder, and between two lines. */
const patience = 1000;
const pace = 200;

const megabyte = 1024 * 1024;

/**
 * One line on standard error about big files that are being read, written over again and wiped at the end. Undefined where
 * nobody watches: no terminal, or a dumb one.
 */
export function progressLine(
  io: Pick<Io, 'err' | 'env' | 'isErrTTY' | 'columns'>,
  now: () => number = () => performance.now(),
): ReadWatch | undefined {
  if (!io.isErrTTY || io.env['TERM'] === 'dumb') return undefined;
  const reading = new Map<string, { readonly read: number; readonly bytes: number }>();
  let begun = 0;
  let last = 0;
  let shown = false;
  const show = (): void => {
    const all = [...reading];
    const read = all.reduce((sum, [, file]) => sum + file.read, 0);
    const bytes = all.reduce((sum, [, file]) => sum + file.bytes, 0);
    const name = all.length === 1 ? inline(all[0]![0]) : `${all.length} files`;
    const text = `reading ${name}: ${Math.floor((100 * read) / bytes)}% of ${Math.round(bytes / megabyte)} MB`;
    io.err(`\r\u001b[K${text.slice(0, (io.columns ?? 80) - 1)}`);
    shown = true;
  };
  return {
    progress(path, read, bytes) {
      const time = now();
      if (reading.size === 0) begun = time;
      reading.set(path, { read, bytes });
      if (time - begun < patience || time - last < pace) return;
      last = time;
      show();
    },
    done(path) {
      reading.delete(path);
      if (reading.size > 0 || !shown) return;
      io.err('\r\u001b[K');
      shown = false;
    },
  };
}
