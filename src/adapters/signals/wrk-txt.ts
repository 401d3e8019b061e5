import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { linesSession } from './shared/lines.ts';

const msIn: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Percentiles that are taken from the long table of wrk2. */
const wanted = new Set([50, 75, 90, 95, 99, 99.9]);

/** Text output of wrk, and of wrk2, which measures from when a request should have been sent. */
export const wrkTxt: SignalReader = {
  id: 'wrk-txt',
  title: 'wrk and wrk2 output',
  gives: ['load'],
  names: ['*.wrk', 'wrk*.txt'],
  countingUnit:
    'One answered request, or one connection that broke while connecting, sending or receiving; answers of status 400 and above, and those later than the time-out, are failed.',
  detects: ({ text }) => /^Running \S+ test @ \S/m.test(text) && /^[ \t]+\d+ threads? and \d+ connections?/m.test(text),
  open(file) {
    const run = new WrkRun(file.path);
    return linesSession(file, { line: (text, number) => run.line(text, number), finish: () => run.reading() });
  },
};

class WrkRun {
  readonly #path: string;
  readonly #percentiles = new Map<number, number>();
  /** Where in the output it is; wrk2 may print the same tables again, measured the way wrk does. */
  #table: 'none' | 'distribution' | 'spectrum' | 'uncorrected' = 'none';
  #hasStarted = false;
  #isWrk2 = false;
  #answers: number | null = null;
  #seconds: number | null = null;
  #rate: number | null = null;
  #errorAnswers = 0;
  #broken = 0;
  #timeouts = 0;

  constructor(path: string) {
    this.#path = path;
  }

  line(text: string, number: number): void {
    if (/^Running \S+ test @ /.test(text)) {
      if (this.#hasStarted)
        throw new AqeError('AQE2002', 'it is the output of more than one run', { path: this.#path, line: number });
      this.#hasStarted = true;
    }
    if (/HdrHistogram|Thread calibration/.test(text)) this.#isWrk2 = true;
    if (/^\s+Latency Distribution/.test(text)) this.#table = /Uncorrected/.test(text) ? 'uncorrected' : 'distribution';
    else if (this.#table !== 'uncorrected' && /^\s+Detailed Percentile spectrum/.test(text)) this.#table = 'spectrum';
    this.#tableLine(text);
    this.#resultLine(text);
  }

  #tableLine(text: string): void {
    if (this.#table === 'distribution') {
      const match = /^\s+(\d{1,2}(?:\.\d+)?)%\s+(\S+)\s*$/.exec(text);
      const ms = milliseconds(match?.[2]);
      if (match && ms !== null) this.#percentiles.set(Number(match[1]), ms);
    } else if (this.#table === 'spectrum') {
      const match = /^\s+(\d{1,12}(?:\.\d+)?)\s+(0\.\d+)\s+\d+\s+\d+\.\d+\s*$/.exec(text);
      const rank = match ? Math.round(Number(match[2]) * 1e6) / 1e4 : NaN;
      if (match && wanted.has(rank) && !this.#percentiles.has(rank)) this.#percentiles.set(rank, Number(match[1]));
    }
  }

  #resultLine(text: string): void {
    const total = /^\s+(\d{1,12}) requests in (\S+?),/.exec(text);
    if (total) {
      this.#answers = Number(total[1]);
      const ms = milliseconds(total[2]);
      this.#seconds = ms === null ? null : ms / 1000;
    }
    const errors =
      /^\s+Socket errors: connect (\d{1,12}), read (\d{1,12}), write (\d{1,12}), timeout (\d{1,12})\b/.exec(text);
    if (errors) {
      this.#broken = Number(errors[1]) + Number(errors[2]) + Number(errors[3]);
      this.#timeouts = Number(errors[4]);
    }
    this.#errorAnswers = Number(/^\s+Non-2xx or 3xx responses: (\d{1,12})\b/.exec(text)?.[1] ?? this.#errorAnswers);
    const rate = /^Requests\/sec:\s+(\d{1,12}(?:\.\d+)?)/.exec(text)?.[1];
    if (rate !== undefined) this.#rate = Number(rate);
  }

  reading(): Reading {
    const answers = this.#answers;
    if (answers === null) throw new AqeError('AQE2002', 'the output ends before its results', { path: this.#path });
    const requests = answers + this.#broken;
    if (requests === 0) throw new AqeError('AQE2007', 'no request was answered', { path: this.#path });
    if (this.#errorAnswers > answers)
      throw new AqeError('AQE2003', `${this.#errorAnswers} error answers in ${answers} answers`, { path: this.#path });
    // wrk counts an answer behind the time-out among the requests; wrk2 counts waiting connections, again and again.
    const late = this.#isWrk2 ? 0 : Math.min(this.#timeouts, answers);
    const isUnknown = this.#timeouts > late;
    return {
      producer: { name: this.#isWrk2 ? 'wrk2' : 'wrk' },
      facts: [
        {
          kind: 'load',
          requests,
          failed: isUnknown ? null : Math.min(answers, this.#errorAnswers + late) + this.#broken,
          durationSeconds: this.#seconds,
          throughput: this.#rate,
          latencyMs: answers > late ? this.#latencies((answers - late) / answers) : {},
          thresholds: [],
        },
      ],
      notices: [...this.#timeoutNotices(late, isUnknown), ...this.#rateNotice(answers)],
    };
  }

  /** wrk leaves late answers out of its percentiles: its p99 is the p99 of the share that was in time. */
  #latencies(share: number): Record<number, number> {
    const all = [...this.#percentiles].map(([rank, ms]) => [Math.floor(rank * share * 1000) / 1000, ms] as const);
    return Object.fromEntries(all);
  }

  #timeoutNotices(late: number, isUnknown: boolean): string[] {
    if (isUnknown) return [`${this.#timeouts} time-outs that cannot be told apart, so there is no error rate`];
    if (late === 0) return [];
    return [
      `${late} answers came after the time-out and count as failed${this.#errorAnswers > 0 ? ', also those with an error status once more' : ''}; wrk's percentiles leave them out, so each is stated as the lower one that it is of all answers`,
    ];
  }

  #rateNotice(answers: number): string[] {
    const computed = this.#seconds ? answers / this.#seconds : null;
    return computed === null || this.#rate === null || Math.abs(computed - this.#rate) <= 0.05 * computed + 0.01
      ? []
      : [`${this.#rate} requests a second stated, ${answers} in ${this.#seconds} s are ${computed.toFixed(2)}`];
  }
}

function milliseconds(text: string | undefined): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,20})?)(us|ms|s|m|h)$/.exec(text ?? '');
  return match ? Math.round(Number(match[1]) * msIn[match[2]!]! * 1e5) / 1e5 : null;
}
