import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import { LatencyCounts } from './latency-counts.ts';
import { ownText } from './own-text.ts';

/** One line of a sample log, whatever its syntax. */
export interface JmeterSample {
  /** Milliseconds. */
  readonly elapsed: number;
  /** JMeter's own verdict; null if the log does not have it. */
  readonly success: boolean | null;
  readonly responseCode: string;
  readonly responseMessage: string;
  readonly threadName: string;
  /** Start as the log writes it. */
  readonly timeStamp: string | undefined;
  /** Samples that the line stands for, and those of them that failed, if the log counts them. */
  readonly counted: { readonly samples: number; readonly errors: number } | null;
}

const transactionMessage = /^Number of samples in transaction : (\d{1,9}), number of failing samples : (\d{1,9})/;

/** Threads whose last sample is remembered. */
const maxThreads = 100_000;

/**
 * The requests of a sample log. A transaction controller writes a line of its own behind its samples: it is no request.
 * With "generate parent sample" its samples are not in a CSV; then they are counted as it states them, each with the time
 * of the whole transaction, which is not below its own.
 */
export class JmeterSamples {
  readonly #path: string;
  readonly #latencies = new LatencyCounts();
  /** Start of the last sample of each thread. */
  readonly #lastStart = new Map<string, number>();
  #requests = 0;
  #failed = 0;
  #transactions = 0;
  #hidden = 0;
  #summed = 0;
  #acceptedErrors = 0;
  #undated = 0;
  #firstStart = Infinity;
  #lastEnd = -Infinity;
  #isLocalTime = false;

  constructor(path: string) {
    this.#path = path;
  }

  add(sample: JmeterSample): void {
    const { elapsed } = sample;
    const started = startOf(sample.timeStamp);
    const transaction = transactionMessage.exec(sample.responseMessage);
    if (transaction && this.#isListed(sample.threadName, started?.ms)) {
      this.#transactions += 1;
      return;
    }
    if (transaction) {
      const samples = Number(transaction[1]);
      if (samples === 0) return;
      this.#hidden += samples;
      this.#requests += samples;
      this.#failed += Math.min(samples, Number(transaction[2]));
      this.#latencies.add(elapsed, samples);
    } else if (sample.counted && sample.counted.samples !== 1) {
      this.#summed += 1;
      this.#requests += sample.counted.samples;
      this.#failed += Math.min(sample.counted.samples, sample.counted.errors);
    } else {
      const isErrorCode = !/^[123]\d\d$/.test(sample.responseCode);
      this.#requests += 1;
      if (!(sample.success ?? !isErrorCode)) this.#failed += 1;
      else if (/^[45]\d\d$/.test(sample.responseCode)) this.#acceptedErrors += 1;
      this.#latencies.add(elapsed);
    }
    if (!transaction) this.#remember(sample.threadName, started?.ms ?? Infinity);
    if (!started) this.#undated += 1;
    else {
      this.#isLocalTime ||= started.isLocalTime;
      this.#firstStart = Math.min(this.#firstStart, started.ms);
      this.#lastEnd = Math.max(this.#lastEnd, started.ms + elapsed);
    }
  }

  /** @throws AqeError AQE2007 */
  reading(): Reading {
    if (this.#requests === 0) throw new AqeError('AQE2007', 'there is no sample', { path: this.#path });
    const isDated = this.#undated === 0;
    const durationSeconds = isDated ? (this.#lastEnd - this.#firstStart) / 1000 : null;
    return {
      producer: { name: 'jmeter' },
      ...(isDated && !this.#isLocalTime ? { takenAt: new Date(this.#lastEnd).toISOString() } : {}),
      facts: [
        {
          kind: 'load',
          requests: this.#requests,
          failed: this.#failed,
          durationSeconds,
          throughput: durationSeconds ? this.#requests / durationSeconds : null,
          latencyMs: this.#summed > 0 ? {} : this.#latencies.percentiles(),
          thresholds: [],
        },
      ],
      notices: this.#notices(),
    };
  }

  #notices(): string[] {
    const said: readonly (readonly [string, number])[] = [
      ['transactions, not counted since their samples are listed', this.#transactions],
      ['samples that only transactions tell of, counted with the time of the whole transaction', this.#hidden],
      ['lines that stand for several samples, so that there are no percentiles', this.#summed],
      ['samples of status 400 and above that the test plan takes as success, not failed', this.#acceptedErrors],
      ['samples without a time that can be read, so that there is no duration and no throughput', this.#undated],
    ];
    return said.flatMap(([what, count]) => (count > 0 ? [`${what}: ${count}`] : []));
  }

  /** Whether the samples of a transaction that began at `start` stand before it in the log. */
  #isListed(thread: string, start: number | undefined): boolean {
    const last = this.#lastStart.get(thread);
    return last !== undefined && (start === undefined || last >= start);
  }

  #remember(thread: string, start: number): void {
    if (this.#lastStart.has(thread)) this.#lastStart.set(thread, start);
    else {
      this.#lastStart.set(ownText(thread), start);
      if (this.#lastStart.size > maxThreads) this.#lastStart.delete(this.#lastStart.keys().next().value!);
    }
  }
}

/**
 * Milliseconds since 1970, or a date with the year first as `timestamp_format` asks for; other orders of day and month
 * cannot be told apart.
 */
function startOf(text: string | undefined): { readonly ms: number; readonly isLocalTime: boolean } | undefined {
  if (text === undefined) return undefined;
  if (/^\d{11,14}$/.test(text)) return { ms: Number(text), isLocalTime: false };
  const match = /^(\d{4})([/-])(\d\d)\2(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{3}))?$/.exec(text);
  if (!match) return undefined;
  const [year, , month, day, hour, minute, second, ms] = match.slice(1).map(Number) as number[];
  if (month! < 1 || month! > 12 || day! < 1 || day! > 31) return undefined;
  return { ms: Date.UTC(year!, month! - 1, day, hour, minute, second, ms || 0), isLocalTime: true };
}
