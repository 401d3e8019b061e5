import { afterEach, describe, expect, test } from 'vitest';
import { smtp, type SmtpSettings } from '../../src/adapters/notify/smtp.ts';
import { certificate, mailServerFor, message, smtpTo, stopServers } from '../support/notifiers.ts';

afterEach(stopServers);

describe('mail', () => {
  const signal = new AbortController().signal;

  test('is text only, encrypted, under a Message-ID that follows from the id', async () => {
    const server = await mailServerFor({
      ...certificate,
      authOptional: true,
      onAuth: (_, __, done) => done(null, { user: 'aqe' }),
    });

    await smtpTo(server.port).deliver(message(), signal);

    expect(server.received).toMatchObject([
      { from: 'aqe@shop.example.test', to: ['ada@example.test', 'grace@example.test'], user: 'aqe', encrypted: true },
    ]);
    const { raw } = server.received[0]!;
    expect(raw).toContain(`Message-ID: <${message().id}@shop.example.test>`);
    expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/m);
    expect(raw).toMatch(/^Date: Mon, 23 Nov 2026 11:59:00 \+0000/m);
    expect(raw).not.toMatch(/text\/html|multipart/);
  });

  test.each([
    ['with TLS from the first byte', { security: 'tls' }, true],
    ['without encryption and login', { security: 'none', login: null }, false],
  ] as const)('goes out %s', async (_, over, encrypted) => {
    const server = await mailServerFor({ ...certificate, secure: encrypted, authOptional: true });

    await smtpTo(server.port, { login: null, ...over }).deliver(message(), signal);

    expect(server.received).toMatchObject([{ encrypted }]);
  });

  test('is not sent to a server whose certificate nobody vouches for', async () => {
    const server = await mailServerFor({ ...certificate, authOptional: true });
    const { ca: _, ...rest } = settingsOf(server.port);

    await expect(smtp(rest).deliver(message(), signal)).rejects.toMatchObject({ code: 'AQE7002' });

    expect(server.received).toEqual([]);
  });

  test('is not sent in clear when STARTTLS is taken away', async () => {
    const server = await mailServerFor({ authOptional: true, hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });

    await expect(smtpTo(server.port).deliver(message(), signal)).rejects.toMatchObject({ code: 'AQE7002' });

    expect(server.received).toEqual([]);
  });

  test.each([
    ['a subject of two lines', { subject: 'x\r\nBcc: eve@example.test' }],
    ['a subject with a line feed', { subject: 'x\ny' }],
    ['a recipient with a header', { recipients: '["ada@example.test\\r\\nBcc: eve@example.test"]' }],
    ['two addresses in one', { recipients: '["ada@example.test,eve@example.test"]' }],
    ['an address in brackets', { recipients: '["<ada@example.test>"]' }],
    ['a name before the address', { recipients: '["Ada <ada@example.test>"]' }],
    ['no address', { recipients: '["ada"]' }],
    ['an SMTP parameter', { recipients: '["ada@example.test> NOTIFY=SUCCESS"]' }],
    ['an id with a header', { id: 'a>\r\nX: y' }],
    ['too many recipients', { recipients: JSON.stringify(Array(101).fill('ada@example.test')) }],
  ])('with %s is refused for good', async (_, over) => {
    const server = await mailServerFor({ ...certificate, authOptional: true });

    const attempt = smtpTo(server.port, { login: null }).deliver(message(over), signal);

    await expect(attempt).rejects.toMatchObject({ code: 'AQE7002', retryable: false });
    expect(server.received).toEqual([]);
  });

  test('that one of two recipients is refused is no delivery', async () => {
    const server = await mailServerFor({
      ...certificate,
      authOptional: true,
      onRcptTo: ({ address }, _, done) => done(address.startsWith('grace') ? new Error('no such person') : null),
    });

    const attempt = smtpTo(server.port, { login: null }).deliver(message(), signal);

    await expect(attempt).rejects.toMatchObject({ retryable: false, detail: 'the server refused 1 of 2 recipients' });
  });

  test('takes nothing that has no recipients', () => {
    const notifier = smtpTo(1);

    const taken = ['[]', '', '["ada@example.test"]'].map((recipients) => notifier.takes(message({ recipients })));

    expect(taken).toEqual([false, false, true]);
  });

  function settingsOf(port: number): SmtpSettings {
    return {
      host: '127.0.0.1',
      port,
      security: 'starttls',
      from: 'aqe@shop.example.test',
      login: null,
      timeoutMs: 5000,
      ca: certificate.cert,
    };
  }
});
