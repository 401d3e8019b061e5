import { describe, expect, test } from 'vitest';
import { knownSecrets, redactedStore, redactionOf } from './redaction.ts';
import type { NewRecords, Store } from '../ports/store.ts';

describe('secrets of the environment', () => {
  test.each([
    'GITHUB_TOKEN',
    'CLIENT_SECRET',
    'DB_PASSWORD',
    'MYSQL_PASSWD',
    'SNYK_API_KEY',
    'DEPLOY_PRIVATE_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'GOOGLE_CREDENTIALS',
    'AQE_KEY',
    'AQE_SYSTEM_KEY',
    'npm_config__authToken',
    'token',
  ])('%s holds one', (name) => {
    expect(knownSecrets({ [name]: 'horse-battery' })).toEqual(['horse-battery']);
  });

  test.each([
    ['PATH', '/usr/bin:/bin'],
    ['HOME', '/home/ada'],
    ['AQE_KEY_FILE', '/home/ada/key.pem'],
    ['GOOGLE_APPLICATION_CREDENTIALS', '/var/run/google.json'],
    ['TOKEN_TTL', '3600000'],
    ['SECRETS_ENABLED', 'true'],
    ['USE_TOKEN', 'required'],
    ['EMPTY_TOKEN', ''],
    ['KEYBOARD', 'qwertz-layout'],
  ])('%s with %s does not', (name, value) => {
    expect(knownSecrets({ [name]: value })).toEqual([]);
  });

  test('the password of a URL is one, as it is written and as it is meant', () => {
    const found = knownSecrets({ AQE_DATABASE_URL: 'postgres://shop:p%40ss-word@db:5432/shop' });

    expect(found).toEqual(['p%40ss-word', 'p@ss-word']);
  });

  test('a variable that the config names is one, whatever it is called', () => {
    const redaction = redactionOf({ CHAT: 'horse-battery' });

    const before = redaction.redact('a horse-battery');
    redaction.hide(['CHAT']);

    expect([before, redaction.redact('a horse-battery')]).toEqual(['a horse-battery', 'a [redacted]']);
  });
});

test('what is kept has no secrets in it; what is signed stays as it was signed', async () => {
  const given: unknown[] = [];
  const inner: Store = {
    commit: (records, events) => {
      given.push(records, events);
      return Promise.resolve([]);
    },
    find: () => Promise.resolve([]),
    auditLog: () => Promise.resolve([]),
    auditHead: () => Promise.resolve(null),
    check: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  const secret = 'horse-battery';
  const word = {
    id: '1',
    service: 's',
    version: 'v',
    environment: 'p',
    decisionDigest: 'd',
    kind: 'approve',
    target: '',
    person: 'ada',
  };
  const approval = { ...word, identity: 'x', comment: secret, expiresAt: '', createdAt: '' };
  const records: NewRecords = {
    approvals: [
      { ...approval, envelope: '' },
      { ...approval, envelope: `{"payload":"${secret}"}` },
    ],
    reviews: [{ ...word, approval: '1', state: 'open', dueAt: '', by: secret, identity: '', note: '', createdAt: '' }],
  };
  const event = {
    id: 'e',
    at: '',
    action: 'approval.given',
    outcome: 'done',
    actor: { id: secret, method: 'os-user', key: null },
    service: 's',
    version: 'v',
    environment: 'p',
    target: '',
    decisionDigest: null,
    reason: `because ${secret}`,
    details: { by: secret },
  } as const;

  const cleaned = { actor: { id: '[redacted]' }, reason: 'because [redacted]', details: { by: '[redacted]' } };

  await redactedStore(inner, (text) => text.replaceAll(secret, '[redacted]')).commit(records, [event, event]);

  expect(given).toMatchObject([
    {
      approvals: [{ comment: '[redacted]' }, { comment: secret, envelope: `{"payload":"${secret}"}` }],
      reviews: [{ by: '[redacted]' }],
    },
    [cleaned, cleaned],
  ]);
});
