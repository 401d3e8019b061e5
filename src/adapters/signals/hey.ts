import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { linesSession } from './shared/lines.ts';
import { plainNumber } from './shared/numbers.ts';

/** hey keeps the results of this many requests. */
const heldResults = 1_000_000;

/** hey's text summary. Percentiles are those of answers only. */
export const hey: SignalReader = {
  id: 'hey',
  title: 'hey output',
  gives: ['load'],
  names: ['hey*.txt'],
  countingUnit:
    'One answer, or one request without an answer (`Error distribution`); answers of status 400 and above are failed.',
  detects: ({ text }) =>
    /^Summary:[ \t]*\r?\n[ \t]+Total:[ \t]+[\d.]+ secs/m.test(text) && /^[ \t]+Requests\/sec:/m.test(text),
  open(file) {
    const run = new HeyRun(file.path);
    return linesSession(file, { line: (text, number) => run.line(text, number), finish: () => run.reading() });
  },
};

class HeyRun {
  readonly #path: string;
  #section = '';
  #totalSeconds: number | null = null;
  #rate: number | null = null;
  readonly #latencyMs: Record<number, number> = {};
  #answers = 0;
  #errorAnswers = 0;
  #unanswered = 0;
  #isWhole = false;

  constructor(path: string) {
    this.#path = path;
  }

  line(text: string, number: number): void {
    const heading = /^([A-Z][\w ]{4,40})(?: \([\w, ]+\))?:\s*$/.exec(text)?.[1]?.toLowerCase();
    if (heading !== undefined) {
      if (heading === 'summary' && this.#totalSeconds !== null)
        throw new AqeError('AQE2002', 'it is the output of more than one run', { path: this.#path, line: number });
      this.#section = heading;
      if (heading === 'status code distribution' || heading === 'error distribution') this.#isWhole = true;
    } else if (this.#section === 'summary') {
      this.#totalSeconds ??= plainNumber(/^\s+Total:\s+([\d.]+) secs/.exec(text)?.[1]);
      this.#rate ??= plainNumber(/^\s+Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
    } else if (this.#section === 'latency distribution') {
      // A percentile that there are too few answers for is printed as `0% in 0.0000 secs`.
      const match = /^\s+([1-9]\d?(?:\.\d+)?)%+ in ([\d.]+) secs/.exec(text);
      const value = plainNumber(match?.[2]);
      if (match && value !== null) this.#latencyMs[Number(match[1])] = Math.round(value * 100_000) / 100;
    } else if (this.#section === 'status code distribution') {
      const match = /^\s+\[(\d{1,3})\]\s+(\d{1,12}) responses/.exec(text);
      if (!match) return;
      this.#answers += Number(match[2]);
      if (Number(match[1]) >= 400) this.#errorAnswers += Number(match[2]);
    } else if (this.#section === 'error distribution') {
      this.#unanswered += Number(/^\s+\[(\d{1,12})\]\s/.exec(text)?.[1] ?? 0);
    }
  }

  reading(): Reading {
    if (!this.#isWhole) throw new AqeError('AQE2002', 'the output ends before its results', { path: this.#path });
    const listed = this.#answers + this.#unanswered;
    if (listed === 0) throw new AqeError('AQE2007', 'no request was made', { path: this.#path });
    const stated = Math.round((this.#rate ?? 0) * (this.#totalSeconds ?? 0));
    const isCut = this.#answers >= heldResults && stated > listed * 1.001 && Number.isSafeInteger(stated);
    return {
      producer: { name: 'hey' },
      facts: [
        {
          kind: 'load',
          requests: isCut ? stated : listed,
          failed: isCut ? null : this.#errorAnswers + this.#unanswered,
          durationSeconds: this.#totalSeconds,
          throughput: this.#rate,
          latencyMs: this.#latencyMs,
          thresholds: [],
        },
      ],
      notices: isCut
        ? [`hey kept the outcome of ${listed} of about ${stated} requests, so there is no error rate`]
        : [],
    };
  }
}
