import { expect, test } from 'vitest';
import { first, second } from '../../test/support/attest.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { defaultPolicy } from '../../test/support/arbitraries.ts';
import type { KeyAt, KeyFiles } from '../ports/key-files.ts';
import type { Store } from '../ports/store.ts';
import { rotateSystemKey } from './rotate-system-key.ts';

const half = ({ keyId, publicKey }: typeof first): KeyAt => ({ keyId, publicKey, path: 'system.pem' });

/** Everything that a rotation needs; the log takes as many entries as `room` says. */
function surroundings(room: number) {
  const said: AuditEvent[] = [];
  const statements: string[] = [];
  const commit: Store['commit'] = (_, events) => {
    if (said.length >= room) return Promise.reject(new AqeError('AQE6005', 'the disk is full'));
    said.push(...events);
    return Promise.resolve([]);
  };
  const rotateSystem: KeyFiles['rotateSystem'] = (_, statement) => {
    statements.push(statement(first, second));
    return Promise.resolve({ from: half(first), to: half(second) });
  };
  let ids = 0;
  const deps = {
    project: '/shop',
    store: { commit } as Store,
    keys: { rotateSystem } as KeyFiles,
    policy: defaultPolicy,
    identity: { newId: () => `id${(ids += 1)}`, osUser: () => 'os user ada', sha256: (text: string) => text },
    clock: { now: () => new Date('2026-03-02T08:00:00Z'), zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) },
  };
  return { deps, said, statements };
}

test('a rotation stands in the log before and after it', async () => {
  const { deps, said, statements } = surroundings(2);

  const { from, to } = await rotateSystemKey(deps);

  expect([from.keyId, to.keyId]).toEqual([first.keyId, second.keyId]);
  expect(statements).toHaveLength(1);
  expect(said.map(({ action, outcome, target, actor }) => [action, outcome, target, actor.id])).toEqual([
    ['key.rotated', 'intent', 'system key', 'os user ada'],
    ['key.rotated', 'done', 'system key', 'os user ada'],
  ]);
  expect(said[1]?.details).toEqual({ from: first.keyId, to: second.keyId });
});

test('where the log cannot be written no key is changed', async () => {
  const { deps, statements } = surroundings(0);

  await expect(rotateSystemKey(deps)).rejects.toThrow('the disk is full');

  expect(statements).toEqual([]);
});

test('a log that fails afterwards does not hide that the key is changed', async () => {
  const { deps } = surroundings(1);

  await expect(rotateSystemKey(deps)).rejects.toThrow('the key is changed, and the audit log does not say so');
});
