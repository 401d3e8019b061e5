import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { linesSession } from './shared/lines.ts';
import { planLine, pointLine, versionLine } from './tap/lines.ts';
import { TapHandler } from './tap/handler.ts';

/** Test Anything Protocol 12, 13 and 14, also several outputs one behind the other, as `prove --verbose` prints them. */
export const tap: SignalReader = {
  id: 'tap',
  title: 'TAP (Test Anything Protocol)',
  gives: ['tests'],
  names: ['*.tap'],
  countingUnit:
    'One test point; one with subtests stands for these and does not count itself, unless it is a test (not a suite) of node:test, which counts both. SKIP and TODO are skipped, a planned test that did not run is errored.',
  detects({ text }) {
    if (/^\s*[<{[]/.test(text)) return false;
    const lines = text.split('\n', 400).map((line) => line.trimEnd());
    if (lines.some((line) => versionLine.test(line))) return true;
    const plan = lines.some((line) => planLine.test(line));
    const point = lines.find((line) => pointLine.test(line));
    const first = lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
    return (plan && (point !== undefined || planLine.test(first))) || /^(?:not )?ok 1(?:\s|$)/.test(point ?? '');
  },
  open(file) {
    const handler = new TapHandler(file.path);
    return linesSession(file, {
      line: (text, number) => handler.line(text, number),
      finish() {
        if (!handler.sawTap)
          throw new AqeError('AQE2003', 'it has neither a test point nor a plan', { path: file.path });
        return handler.finish();
      },
    });
  },
};
