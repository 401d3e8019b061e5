import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import { decodeBase64 } from '../../core/attest/base64.ts';
import { decodeUtf8 } from '../../core/attest/utf8.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { ReportFile, SignalReader } from '../../ports/signal-reader.ts';
import { JsonBounds } from './shared/json-bounds.ts';
import { checkShape, jsonHead, jsonSession, objectOf, parseJson, stringOf } from './shared/json.ts';
import { onFirstUse } from './shared/schema.ts';
import { TestTally } from './shared/test-tally.ts';

const predicateType = 'https://in-toto.io/attestation/test-result/v0.1';
const payloadType = 'application/vnd.in-toto+json';

const schemas = onFirstUse(() => {
  const names = z.nullish(z.array(z.string()));
  const digests = z.nullish(z.record(z.string(), z.string()));
  const statement = z.object({
    _type: z.string().check(z.startsWith('https://in-toto.io/Statement/')),
    subject: z.array(z.object({ digest: digests })),
    predicateType: z.literal(predicateType),
    predicate: z.object({
      result: z.enum(['PASSED', 'WARNED', 'FAILED']),
      configuration: z.array(z.record(z.string(), z.unknown())),
      passedTests: names,
      warnedTests: names,
      failedTests: names,
    }),
  });
  const envelope = z.object({
    payloadType: z.literal(payloadType),
    payload: z.string(),
    signatures: z.array(z.unknown()),
  });
  return { statement, envelope, either: z.union([statement, envelope]) };
});

type Statement = z.infer<ReturnType<typeof schemas>['statement']>;

/**
 * in-toto test result, as a bare statement or in a DSSE envelope. Tests are those that the three lists name; a result of
 * FAILED without a failed test is one failure that no test shows.
 */
export const inTotoTestResult: SignalReader = {
  id: 'in-toto-test-result',
  title: 'in-toto test result',
  gives: ['tests'],
  names: ['*.intoto.json'],
  countingUnit:
    'One name in `passedTests`, `warnedTests` (passed) or `failedTests`. A result of FAILED that names no failed test adds one errored test.',
  detects({ text }) {
    const head = objectOf(jsonHead(text));
    if (head['predicateType'] === predicateType) return true;
    if (looksLikeOne(text, head)) return true;
    if (head['payloadType'] !== payloadType) return false;
    // An envelope may be longer than the head: what there is of its payload has to do.
    const start = payloadStart(text, head);
    const inner = objectOf(jsonHead(start));
    return inner['predicateType'] === predicateType || looksLikeOne(start, inner);
  },
  open: (file) =>
    jsonSession(file, schemas().either, (value) =>
      'payload' in value ? readingOf(fromEnvelope(file, value.payload), file, [unchecked]) : readingOf(value, file, []),
    ),
};

const unchecked = 'the signature of the envelope is not checked here: the file counts as any other report does';

/** A statement cut short before the type of its predicate, which stands behind the predicate where keys are sorted. */
function looksLikeOne(text: string, { _type, predicateType: type }: Readonly<Record<string, unknown>>): boolean {
  return (
    type === undefined &&
    stringOf(_type).startsWith('https://in-toto.io/Statement/') &&
    /"(?:passed|failed|warned)Tests"\s*:/.test(text)
  );
}

function payloadStart(text: string, head: Readonly<Record<string, unknown>>): string {
  const payload = stringOf(head['payload']) || (/"payload"\s*:\s*"([^"]*)/.exec(text)?.[1] ?? '');
  const [whole] = /^[A-Za-z0-9+/_-]*/.exec(payload)!;
  const bytes = bytesOf(whole.slice(0, whole.length - (whole.length % 4)));
  if (bytes === null) return '';
  // The cut may go through a character.
  for (let cut = 0; cut < 4; cut += 1) {
    const start = decodeUtf8(bytes.subarray(0, bytes.length - cut));
    if (start !== null) return start;
  }
  return '';
}

function fromEnvelope(file: ReportFile, payload: string): Statement {
  const text = decodeUtf8(bytesOf(payload) ?? Uint8Array.of(0xff));
  if (text === null) throw new AqeError('AQE2003', 'payload is not UTF-8 text in base64', { path: file.path });
  new JsonBounds(file).push(text);
  return checkShape(file, schemas().statement, parseJson(file, text));
}

/** Both alphabets of base64 are allowed in an envelope. */
function bytesOf(base64: string): Uint8Array | null {
  return decodeBase64(base64.replaceAll('-', '+').replaceAll('_', '/'));
}

function readingOf({ subject, predicate }: Statement, file: ReportFile, remarks: readonly string[]): Reading {
  const { result, passedTests, warnedTests, failedTests } = predicate;
  const [passed, warned, failed] = [passedTests ?? [], warnedTests ?? [], failedTests ?? []];
  const tests = new TestTally();
  for (const name of [...passed, ...warned]) tests.add({ name: [name], outcome: 'passed' });
  for (const name of failed) tests.add({ name: [name], outcome: 'failed' });
  const stated = { tests: [], bad: result === 'FAILED' && failed.length === 0 ? 1 : null };
  const notices = [...remarks, ...tests.reconcile(stated, { tests: tests.total, bad: failed.length })];
  if (result !== 'FAILED' && failed.length > 0)
    notices.push(`the result is ${result}, and tests are named that failed`);
  if (warned.length > 0) notices.push(`tests that passed with a warning: ${warned.length}`);
  const all = [...passed, ...warned, ...failed];
  if (new Set(all).size < all.length) notices.push('tests are named more than once; each name counts');
  const commits = commitsOf(subject);
  if (commits.length > 1)
    throw new AqeError('AQE2003', 'its subjects are of more than one commit', { path: file.path });
  return {
    producer: { name: 'in-toto-test-result' },
    ...(commits[0] === undefined ? {} : { commit: commits[0] }),
    facts: [tests.run(file.path)],
    notices,
  };
}

/** `gitCommit` says what it is; `sha1` is how commits were named before, and counts where nothing says it better. */
function commitsOf(subject: Statement['subject']): readonly string[] {
  const named = (algorithm: string): readonly string[] =>
    subject.flatMap(({ digest }) =>
      digest && Object.hasOwn(digest, algorithm) ? [digest[algorithm]!.toLowerCase()] : [],
    );
  const found = named('gitCommit').length > 0 ? named('gitCommit') : named('sha1');
  return [...new Set(found.filter((text) => /^[0-9a-f]{7,64}$/.test(text)))];
}
