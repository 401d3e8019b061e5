import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chained, entryHash, genesis, isEvent, linkFaults, readEntry, type NamedRow } from './chain.ts';
import { auditActions, type AuditEntry, type AuditEvent } from './event.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const text = fc.string({ unit: 'binary', maxLength: 12 });
const events: fc.Arbitrary<AuditEvent> = fc.record({
  id: text,
  at: text,
  action: fc.constantFrom(...auditActions),
  outcome: fc.constantFrom('done' as const, 'refused' as const, 'intent' as const, 'failed' as const),
  actor: fc.record({
    id: text,
    method: fc.constantFrom('ed25519' as const, 'os-user' as const, 'program' as const),
    key: fc.option(text),
  }),
  service: text,
  version: text,
  environment: text,
  target: text,
  decisionDigest: fc.option(text),
  reason: text,
  details: fc.dictionary(text, text, { maxKeys: 3 }),
});
const rows: fc.Arbitrary<NamedRow> = fc.record({ table: text, id: text, seal: text });
const logs = fc
  .array(fc.tuple(fc.array(events, { minLength: 1, maxLength: 3 }), fc.array(rows, { maxLength: 2 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((commits) => {
    const log: AuditEntry[] = [];
    for (const [each, named] of commits) log.push(...chained(log.at(-1) ?? null, each, named, sha256));
    return { log, commits };
  });

function faultsOf(log: readonly AuditEntry[]): readonly string[] {
  return log.flatMap((entry, index) => linkFaults(log[index - 1] ?? genesis(sha256), entry, sha256));
}

test('a log that was made in any number of steps is one chain and says what went in', () => {
  fc.assert(
    fc.property(logs, ({ log, commits }) => {
      const said = log.map(readEntry);

      expect(faultsOf(log)).toEqual([]);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      expect(said.map((event) => event?.id)).toEqual(commits.flatMap(([each]) => each.map(({ id }) => id)));
      expect(said.flatMap((event) => event?.rows ?? [])).toEqual(commits.flatMap(([, named]) => named));
    }),
    { numRuns: 200 },
  );
});

test('whatever is changed in one entry, the chain breaks there or right behind it', () => {
  const changes = fc.record({ at: fc.nat(), field: fc.constantFrom('body', 'prev', 'hash', 'seq'), with: text });
  fc.assert(
    fc.property(logs, changes, ({ log }, { at, field, with: more }) => {
      const index = at % log.length;
      const entry = log[index]!;
      const changed =
        field === 'seq' ? { ...entry, seq: entry.seq + 1 + more.length } : { ...entry, [field]: `${more}x` };

      expect(faultsOf(log.with(index, changed))).not.toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('an entry left out, doubled or moved breaks the chain, unless it is the last that is left out', () => {
  fc.assert(
    fc.property(logs, fc.nat(), fc.nat(), ({ log }, a, b) => {
      fc.pre(log.length >= 2);
      const index = a % (log.length - 1);
      const other = (index + 1 + (b % (log.length - 1))) % log.length;

      expect(faultsOf(log.toSpliced(index, 1))).not.toEqual([]);
      expect(faultsOf(log.toSpliced(index, 0, log[index]!))).not.toEqual([]);
      expect(faultsOf(log.with(index, log[other]!).with(other, log[index]!))).not.toEqual([]);
      expect(faultsOf(log.slice(0, -1))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('the hash is the one that the documentation states', () => {
  const start = sha256('aqe-audit-v1');

  expect(genesis(sha256)).toEqual({ seq: 0, hash: start });
  expect(entryHash(start, '{"a":1}', sha256)).toBe(sha256(`aqe-audit-v1\n${start}\n{"a":1}`));
});

test.each([
  ['no JSON', '{"id":'],
  ['a list', '[]'],
  ['an object that is no event', '{"rows":[]}'],
])('%s is no event, and its entry is a fault although its hash fits', (_, body) => {
  const start = genesis(sha256);
  const entry = { seq: 1, body, prev: start.hash, hash: entryHash(start.hash, body, sha256) };

  expect(readEntry(entry)).toBeNull();
  expect(linkFaults(start, entry, sha256)).toEqual(['entry 1 has a body that is no event']);
});

test('an action that a later release knows is an event', () => {
  const [event] = fc.sample(events, { numRuns: 1, seed: 1 });

  expect(isEvent({ ...event, action: 'moon.landed' })).toBe(true);
  expect(isEvent({ ...event, details: { n: 1 } })).toBe(false);
  expect(isEvent(null)).toBe(false);
});
