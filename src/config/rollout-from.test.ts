import { describe, expect, test } from 'vitest';
import { effectiveConfig } from './effective-config.ts';
import { parseConfig } from './parse.ts';
import { policyFrom } from './policy-from.ts';
import { rolloutFrom } from './rollout-from.ts';

const settingsOf = async (text: string, environment = 'production') =>
  rolloutFrom(effectiveConfig((await parseConfig('aqe-deploy.yaml', text)).config, { environment }));

const full = `
rollout:
  strategy: canary
  steps: [5, { percent: 25, bake: 10m }, 100]
  bake: 5m
  router: { kind: haproxy, name: shop }
  triggers:
    error_rate: { above: 2%, for: 2m }
    response_time:
      - { percentile: p95, above: 800ms, for: 5m }
      - { percentile: p99.9, above: 2s, for: 5m }
    availability: { below: 99.5%, for: 60s }
    custom:
      - { name: checkout_conversion, comparison: '<', threshold: 80%, for: 3m }
      - { name: queue_length, comparison: '>=', threshold: 1000, for: 1m }
      - { name: queue_wait, comparison: '>', threshold: 1s, for: 1m }
  rollback:
    owner: Payments on call
    steps: [{ action: run it, automated: true }]
    backups: [{ what: orders, location: s3://b, declared_at: 2026-02-28 }]
    cache: { action: flush-prefix, prefix: 'shop:v2:' }
    communication: [{ notify: '#shop', when: always }]
notify:
  smtp: { host: mail.example.com, from: aqe@example.com }
  webhooks: [{ name: chat, url: 'https://hooks.example.com', secret_env: CHAT_KEY }]
`;

test('durations are milliseconds, shares percent, and the rest is as it was written', async () => {
  expect(await settingsOf(full)).toEqual({
    strategy: 'canary',
    steps: [
      { percent: 5, bakeMs: null },
      { percent: 25, bakeMs: 600_000 },
      { percent: 100, bakeMs: null },
    ],
    bakeMs: 300_000,
    router: { kind: 'haproxy', name: 'shop' },
    regions: [],
    maxFailedRegions: null,
    triggers: [
      { kind: 'error-rate', above: 2, forMs: 120_000 },
      { kind: 'response-time', percentile: 'p95', above: 800, forMs: 300_000 },
      { kind: 'response-time', percentile: 'p99.9', above: 2000, forMs: 300_000 },
      { kind: 'availability', below: 99.5, forMs: 60_000 },
      {
        kind: 'custom',
        name: 'checkout_conversion',
        comparison: '<',
        threshold: { value: 80, unit: '%' },
        forMs: 180_000,
      },
      { kind: 'custom', name: 'queue_length', comparison: '>=', threshold: { value: 1000, unit: null }, forMs: 60_000 },
      { kind: 'custom', name: 'queue_wait', comparison: '>', threshold: { value: 1000, unit: 'ms' }, forMs: 60_000 },
    ],
    rollback: {
      owner: 'Payments on call',
      steps: [{ action: 'run it', owner: null, automated: true }],
      backups: [{ what: 'orders', location: 's3://b', declaredAt: '2026-02-28' }],
      cache: { action: 'flush-prefix', prefix: 'shop:v2:' },
      communication: [{ notify: '#shop', when: 'always' }],
    },
    notifiers: ['smtp', 'webhook:chat'],
  });
});

test('nothing is made up where nothing is configured', async () => {
  expect(await settingsOf('service: shop\n')).toEqual({
    strategy: null,
    steps: [],
    bakeMs: null,
    router: null,
    regions: [],
    maxFailedRegions: null,
    triggers: [],
    rollback: { owner: null, steps: [], backups: [], cache: null, communication: [] },
    notifiers: [],
  });
});

test('an environment replaces the keys that it has', async () => {
  const text =
    'rollout: { strategy: canary, bake: 5m }\nenvironments: { production: {}, staging: { rollout: { strategy: rolling } } }\n';

  expect(await settingsOf(text)).toMatchObject({ strategy: 'canary', bakeMs: 300_000 });
  expect(await settingsOf(text, 'staging')).toMatchObject({ strategy: 'rolling', bakeMs: 300_000 });
});

test('the policy does not change with it', async () => {
  const policyOf = async (text: string) =>
    policyFrom(effectiveConfig((await parseConfig('aqe-deploy.yaml', text)).config), 'shop');

  expect(await policyOf(full)).toEqual(await policyOf('service: shop\n'));
});

describe('a config that says what it cannot mean is refused', () => {
  test.each([
    ['strategy: bluegreen', /blue-green/],
    ['router: { kind: traefik }', /haproxy.*nginx.*kubernetes/],
    ['steps: [5, 50]', /end with 100/],
    ['steps: [50, 25, 100]', /rise/],
    ['steps: []', /steps/],
    ['steps: [0, 100]', /steps/],
    ['strategy: canary\n  regions: [eu]', /multi-region/],
    ['regions: [eu, eu]', /twice/],
    ['triggers: { error_rate: { above: 5, for: 2m } }', /string/],
    ['triggers: { error_rate: { above: 101%, for: 2m } }', /share/],
    ['triggers: { error_rate: { above: 5% } }', /for/],
    ['triggers: { error_rate: { below: 5%, for: 2m } }', /below/],
    ['triggers: { response_time: { percentile: "95", above: 1s, for: 1m } }', /percentile/],
    ['triggers: { response_time: { percentile: p95, above: 0ms, for: 1m } }', /latency/],
    ['triggers: { custom: [{ name: a, comparison: "=", threshold: 1, for: 1m }] }', /comparison/],
    ['triggers: { custom: [{ name: a, comparison: "<", threshold: 3d, for: 1m }] }', /threshold/],
    ['rollback: { cache: { action: flushdb } }', /flush-prefix/],
    ['rollback: { cache: { action: flush-prefix } }', /prefix/],
    ['rollback: { cache: { action: none, prefix: "ab" } }', /prefix/],
    ['rollback: { cache: { action: flush-prefix, prefix: "*" } }', /prefix/],
    ['rollback: { cache: { action: flush-prefix, prefix: "a*" } }', /prefix/],
    ['rollback: { backups: [{ what: a, location: b, declared_at: 2026-02-31T99:00Z }] }', /declared_at/],
    ['rollback: { owners: Ada }', /owner/],
    ['trigger: {}', /triggers/],
  ])('%s', async (text, words) => {
    await expect(settingsOf(`rollout:\n  ${text}\n`)).rejects.toMatchObject({
      code: 'AQE1004',
      message: expect.stringMatching(words),
    });
  });
});
