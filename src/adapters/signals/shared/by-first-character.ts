import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';

/** A session for formats of several shapes, chosen by the first character that is no blank. @throws AqeError AQE2001 */
export function byFirstCharacter(
  file: { readonly path: string },
  choose: (first: string) => ReadingSession,
): ReadingSession {
  let chosen: ReadingSession | undefined;
  let blank = '';
  return {
    push(text) {
      const first = /\S/.exec(text)?.[0];
      if (!chosen && first !== undefined) {
        chosen = choose(first);
        if (blank !== '') chosen.push(blank);
      }
      if (chosen) chosen.push(text);
      else blank += text;
    },
    finish() {
      if (!chosen) throw new AqeError('AQE2001', 'the file has no content', { path: file.path });
      return chosen.finish();
    },
  };
}
