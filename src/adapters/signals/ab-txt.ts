import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { linesSession } from './shared/lines.ts';
import { plainNumber } from './shared/numbers.ts';

/** Lines of a name and a value that are read. */
const names = new Set([
  'Document Length',
  'Time taken for tests',
  'Complete requests',
  'Non-2xx responses',
  'Write errors',
  'Requests per second',
]);

/**
 * ApacheBench's text output. A connection that the server drops shows only as a document of another length, and with `-l`
 * not at all: then ab does not account for every request, and there is no error rate.
 */
export const abTxt: SignalReader = {
  id: 'ab-txt',
  title: 'ApacheBench output',
  gives: ['load'],
  names: ['ab*.txt', 'apachebench*.txt'],
  countingUnit:
    'One completed request, or one that could not connect. Failed are answers of another status than 2xx, and errors of connecting, receiving and sending; documents of another length are not.',
  detects: ({ text }) => /^This is ApacheBench, Version /m.test(text),
  open(file) {
    const stated = new Map<string, string>();
    const latencyMs: Record<number, number> = {};
    let version: string | undefined;
    let kinds: string | undefined;
    let isAborted = false;
    return linesSession(file, {
      line(text, number) {
        version ??= /^This is ApacheBench, Version (\d[\w.-]{0,20})/.exec(text)?.[1];
        if (/^(?:apr_\w+|Test aborted|Total of \d+ requests completed)/.test(text) || /\.\.\.\s?apr_\w+/.test(text))
          isAborted = true;
        kinds ??= /^\s+\(((?:[A-Z][a-z]+: \d+(?:, )?)+)\)/.exec(text)?.[1];
        const percentile = /^\s+(\d{1,2})%\s+(\d{1,12})\s*$/.exec(text);
        if (percentile) latencyMs[Number(percentile[1])] = Number(percentile[2]);
        const pair = /^([A-Z][\w -]{2,40}):\s+(\d[\d.]*|Variable)\b/.exec(text);
        if (!pair || !names.has(pair[1]!)) return;
        if (pair[1] === 'Complete requests' && stated.has('Complete requests'))
          throw new AqeError('AQE2002', 'it is the output of more than one run', { path: file.path, line: number });
        stated.set(pair[1]!, pair[2]!);
      },
      finish() {
        const complete = plainNumber(stated.get('Complete requests'));
        if (complete === null || !Number.isInteger(complete) || !stated.has('Requests per second')) {
          if (isAborted) throw new AqeError('AQE2006', 'ab gave up before the end of its run', { path: file.path });
          throw new AqeError('AQE2002', 'the output ends before its results', { path: file.path });
        }
        return toReading(stated, complete, new Map(failureKinds(kinds ?? '')), { version, latencyMs, path: file.path });
      },
    });
  },
};

function toReading(
  stated: ReadonlyMap<string, string>,
  complete: number,
  kinds: ReadonlyMap<string, number>,
  rest: {
    readonly version: string | undefined;
    readonly latencyMs: Readonly<Record<number, number>>;
    readonly path: string;
  },
): Reading {
  const of = (kind: string): number => kinds.get(kind) ?? 0;
  const requests = complete + of('Connect');
  if (requests === 0) throw new AqeError('AQE2007', 'no request was completed', { path: rest.path });
  const non2xx = Math.floor(plainNumber(stated.get('Non-2xx responses')) ?? 0);
  const sendErrors = Math.floor(plainNumber(stated.get('Write errors')) ?? 0);
  const failed = Math.min(requests, non2xx + of('Connect') + of('Receive') + of('Exceptions') + sendErrors);
  const ofAnyLength = stated.get('Document Length') === 'Variable';
  // An error of receiving leaves a document of another length too.
  const otherLength = Math.max(0, of('Length') - of('Receive') - of('Exceptions'));
  const isComplete = !ofAnyLength && otherLength === 0;
  return {
    producer: { name: 'ab', ...(rest.version === undefined ? {} : { version: rest.version }) },
    facts: [
      {
        kind: 'load',
        requests,
        failed: isComplete ? failed : null,
        durationSeconds: plainNumber(stated.get('Time taken for tests')),
        throughput: plainNumber(stated.get('Requests per second')),
        latencyMs: rest.latencyMs,
        thresholds: [],
      },
    ],
    notices: [
      ...(non2xx > 0
        ? [`${non2xx} answers of another status than 2xx; redirects among them are counted as failed too`]
        : []),
      ...(otherLength > 0
        ? [
            `${otherLength} documents of another length: ab does not tell them from connections that the server dropped, so there is no error rate (it has one for documents of one length); ${failed} requests are known to have failed`,
          ]
        : []),
      ...(ofAnyLength
        ? [
            `with -l, ab does not tell connections that the server dropped from answers, so there is no error rate; ${failed} requests are known to have failed`,
          ]
        : []),
    ],
  };
}

function failureKinds(text: string): (readonly [string, number])[] {
  return [...text.matchAll(/([A-Z][a-z]+): (\d{1,12})/g)].map((match) => [match[1]!, Number(match[2])] as const);
}
