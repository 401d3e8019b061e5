import { expect, test } from 'vitest';
import { notifyFrom, secretVariables } from './notify-from.ts';
import { notifySchema, outboundSchema } from './notify-schema.ts';

const smtp = { host: 'mail.example.test', from: 'aqe@example.test' };
const hook = { name: 'chat', url: 'https://chat.example.test/hook', secret_env: 'CHAT_KEY' };

test.each([
  ['nothing', {}],
  ['mail without a login', { smtp }],
  [
    'mail with a login',
    { smtp: { ...smtp, security: 'tls', user: 'aqe', password_env: 'MAIL_PASSWORD', timeout: '5s' } },
  ],
  ['mail in clear', { smtp: { ...smtp, security: 'none', port: 1025 } }],
  ['a webhook', { webhooks: [hook] }],
  ['two webhooks', { webhooks: [hook, { ...hook, name: 'audit', timeout: '500ms' }] }],
])('%s fits', (_, value) => {
  expect(notifySchema.safeParse(value).error).toBeUndefined();
});

test.each([
  ['a secret instead of a name', { webhooks: [{ ...hook, secret_env: 'x9$%long-secret' }] }],
  ['a password itself', { smtp: { ...smtp, password: 'x' } }],
  ['a user without a password', { smtp: { ...smtp, user: 'aqe' } }],
  ['a login in clear', { smtp: { ...smtp, security: 'none', user: 'aqe', password_env: 'MAIL_PASSWORD' } }],
  ['no sender', { smtp: { host: 'mail.example.test' } }],
  ['a sender with a header', { smtp: { ...smtp, from: 'aqe@example.test\r\nBcc: eve@example.test' } }],
  ['a URL with a password', { webhooks: [{ ...hook, url: 'https://ci:pw@chat.example.test/' }] }],
  ['a URL of another scheme', { webhooks: [{ ...hook, url: 'file:///etc/passwd' }] }],
  ['two webhooks of one name', { webhooks: [hook, hook] }],
  ['an endless timeout', { webhooks: [{ ...hook, timeout: '1h' }] }],
  ['an unknown key', { webhook: [] }],
])('%s does not fit', (_, value) => {
  expect(notifySchema.safeParse(value).success).toBe(false);
});

test.each([
  ['mail.internal', true],
  ['127.0.0.1:8025', true],
  ['[::1]:8025', true],
  ['https://mail.internal', false],
  ['mail.internal/path', false],
  ['*', false],
])('allow_hosts with %s fits: %s', (host, fits) => {
  expect(outboundSchema.safeParse({ allow_hosts: [host] }).success).toBe(fits);
});

test('ports and timeouts follow from what is left out', () => {
  const ports = (['tls', 'starttls', 'none'] as const).map(
    (security) => notifyFrom({ smtp: { ...smtp, security } }, {}).smtp?.port,
  );

  expect(ports).toEqual([465, 587, 25]);
  expect(notifyFrom({ smtp }, {}).smtp).toMatchObject({ security: 'starttls', login: null, timeoutMs: 10_000 });
});

test('settings do not show their secrets', () => {
  const settings = notifyFrom({ webhooks: [hook] }, { CHAT_KEY: 'correct-horse-battery' });

  expect(JSON.stringify(settings)).not.toContain('horse');
  expect(String(settings.webhooks[0]!.secret)).toBe('[secret]');
});

test('the variables of secrets are known by name', () => {
  const names = secretVariables({ smtp: { ...smtp, user: 'aqe', password_env: 'MAIL_PASSWORD' }, webhooks: [hook] });

  expect(names).toEqual(['MAIL_PASSWORD', 'CHAT_KEY']);
});
