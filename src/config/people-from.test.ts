import { describe, expect, test } from 'vitest';
import { parseConfig } from './parse.ts';
import { effectiveConfig } from './effective-config.ts';
import {
  approvalsFrom,
  emergencyFrom,
  freezesFrom,
  overridesFrom,
  peopleFrom,
  rolesFrom,
  waiversFrom,
} from './people-from.ts';
import type { FileConfig } from './schema.ts';

const of = (file: FileConfig) => effectiveConfig(file);
const hour = 3_600_000;

describe('people', () => {
  test('are known by address in any case, with the keys of the config and of the folder', () => {
    const config = of({
      people: { 'Ada@Example.com': { name: 'Ada', key: 'k1', keys: ['k2', 'k1'], aliases: ['A@x.org'] } },
    });

    expect(peopleFrom(config, { 'ada@example.com': ['k2', 'k3'], 'bob@example.com': ['k4'] })).toEqual([
      { id: 'ada@example.com', name: 'Ada', aliases: ['a@x.org'], keys: ['k1', 'k2', 'k3'] },
      { id: 'bob@example.com', name: null, aliases: [], keys: ['k4'] },
    ]);
  });

  test('have roles by themselves and by groups, each once', () => {
    const config = of({
      groups: { ops: ['Bob@example.com', 'eve@example.com'] },
      roles: { CTO: ['ADA@example.com'], SRE: ['group:ops', 'bob@example.com', 'group:none'] },
    });

    expect(rolesFrom(config)).toEqual([
      { name: 'CTO', people: ['ada@example.com'] },
      { name: 'SRE', people: ['bob@example.com', 'eve@example.com'] },
    ]);
  });
});

describe('approvals', () => {
  test('of the defaults are one for a high risk and one for a change of the policy, by nobody unverified and no author', () => {
    expect(approvalsFrom(of({}))).toEqual({
      required: [
        { name: 'high-risk', when: 'high-risk', roles: [], count: 1 },
        { name: 'policy-change', when: 'policy-change', roles: [], count: 1 },
      ],
      allowAuthor: false,
      allowUnverified: false,
      expiresAfter: 24 * hour,
      escalation: [],
    });
  });

  test('that are written replace the default of their kind, and have names of their own', () => {
    const { required } = approvalsFrom(
      of({
        approvals: {
          required: [
            { when: 'always', from: ['QA'] },
            { when: 'always', count: 2 },
            { name: 'boss', when: 'high-risk', from: ['CTO'] },
          ],
        },
      }),
    );

    expect(required).toEqual([
      { name: 'always 1', when: 'always', roles: ['QA'], count: 1 },
      { name: 'always 2', when: 'always', roles: [], count: 2 },
      { name: 'boss', when: 'high-risk', roles: ['CTO'], count: 1 },
      { name: 'policy-change', when: 'policy-change', roles: [], count: 1 },
    ]);
  });

  test('have times in milliseconds', () => {
    const { expiresAfter, escalation } = approvalsFrom(
      of({ approvals: { expires_after: '90m', escalation: [{ after: '4h', to: ['boss@example.com'] }] } }),
    );

    expect([expiresAfter, escalation]).toEqual([1.5 * hour, [{ after: 4 * hour, to: ['boss@example.com'] }]]);
  });
});

test('an override needs all of its roles unless fewer are asked, and at least one person', () => {
  const count = (overrides: FileConfig['gate_overrides']): number =>
    overridesFrom(of({ gate_overrides: overrides })).count;

  expect([count({}), count({ min_approvals: 1 }), count({ requires_approval_from: [] })]).toEqual([2, 1, 1]);
  expect(overridesFrom(of({ gate_overrides: { enabled: false, audit_log: false } }))).toEqual({
    enabled: false,
    requiresApprovalFrom: ['VP Engineering', 'CTO'],
    count: 2,
    justificationRequired: true,
    auditLog: false,
    maxDuration: 168 * hour,
  });
});

test('an emergency has the defaults for what is not said', () => {
  expect(emergencyFrom(of({ emergency: { count: 2 } }))).toEqual({
    roles: ['CTO'],
    count: 2,
    reviewWithin: 72 * hour,
    expiresAfter: 4 * hour,
  });
});

test('a waiver holds through its last day, UTC', () => {
  const waiver = { finding: 'CVE-2026-1', reason: 'not reachable', approver: 'ada', expires: '2026-02-28' };

  expect(waiversFrom(of({ waivers: [waiver] }))).toEqual([
    {
      scope: { gate: null, rule: null, finding: 'CVE-2026-1', package: null },
      reason: 'not reachable',
      approver: 'ada',
      expires: '2026-03-01T00:00:00.000Z',
    },
  ]);
});

test('a freeze is for all environments and regions unless it names some', () => {
  const base = { name: 'x', zone: 'Europe/Berlin', start: '2026-12-24T00:00' };

  expect(
    freezesFrom(
      of({
        freezes: [
          { ...base, duration: '36h' },
          { ...base, end: '2026-12-27T00:00', regions: ['eu'] },
        ],
      }),
    ),
  ).toEqual([
    { ...base, environments: null, regions: null, end: null, durationMs: 36 * hour, rrule: null, reason: '' },
    {
      ...base,
      environments: null,
      regions: ['eu'],
      end: '2026-12-27T00:00',
      durationMs: null,
      rrule: null,
      reason: '',
    },
  ]);
});

test('an address that stands there twice, in whatever case, is refused', async () => {
  const text = 'people:\n  ada@example.com: {}\n  Ada@Example.com: {}\n';

  await expect(parseConfig('aqe-deploy.yaml', text)).rejects.toMatchObject({
    code: 'AQE1004',
    detail: expect.stringContaining('stands here twice') as unknown,
  });
});
