/** Writers of test results as in-toto statements, bare and in an envelope. */
import fc from 'fast-check';
import type { Document, RoundTrip } from '../round-trip.ts';
import { jsonStyle, luck, unknownKeys, withLuck, writeJson, type JsonStyle, type Luck } from './documents.ts';
import { isBad, runOf, suitesOf, testsOf, type TestModel } from './test-model.ts';

const commit = '5f0c2f4d6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3';

function statement(tests: readonly TestModel[], of: Luck): object {
  const lists: Record<'passedTests' | 'warnedTests' | 'failedTests', string[]> = {
    passedTests: [],
    warnedTests: [],
    failedTests: [],
  };
  for (const test of tests)
    lists[isBad(test) ? 'failedTests' : of() % 4 === 0 ? 'warnedTests' : 'passedTests'].push(test.name);
  const bad = lists.failedTests.length > 0;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ ...withLuck({ name: 'shop' }, of), digest: of() % 2 ? { gitCommit: commit } : { sha1: commit } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: bad ? 'FAILED' : lists.warnedTests.length > 0 ? 'WARNED' : 'PASSED',
      configuration: of() % 2 ? [] : [{ name: 'test.yml', digest: { gitBlob: commit } }],
      ...withLuck({ url: 'https://ci.example.com/runs/118' }, of),
      // Lists that are empty may as well be left out.
      ...Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0 || of() % 2 === 0)),
      ...unknownKeys(of),
    },
    ...unknownKeys(of),
  };
}

function documents(write: (value: object, style: JsonStyle, of: Luck) => string): fc.Arbitrary<Document> {
  return fc.record({ suites: suitesOf(['failed']), style: jsonStyle, of: luck }).map(({ suites, style, of }) => {
    const tests = testsOf(suites);
    return { path: 'shop.intoto.json', text: write(statement(tests, of), style, of), expected: [runOf(tests)] };
  });
}

const remarks = /^(?:tests that passed with a warning|tests are named more than once|the signature of the envelope)/;

const bare: RoundTrip = {
  name: 'in-toto-test-result',
  notices: remarks,
  documents: documents((value, style) => writeJson(value, style)),
};

const enveloped: RoundTrip = {
  name: 'in-toto-test-result in an envelope',
  notices: remarks,
  documents: documents((value, style, of) => {
    const payload = Buffer.from(writeJson(value, style));
    const base64 = payload.toString('base64');
    return writeJson(
      {
        payloadType: 'application/vnd.in-toto+json',
        payload: of() % 2 ? base64 : base64.replaceAll('+', '-').replaceAll('/', '_'),
        signatures: [{ ...withLuck({ keyid: 'k1' }, of), sig: 'AAAA' }],
        ...unknownKeys(of),
      },
      style,
    );
  }),
};

export const attestedTests: readonly RoundTrip[] = [bare, enveloped];
