import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { deliverMessages, type DeliverInput } from '../../src/app/deliver-messages.ts';
import { outboxOf } from '../../src/app/outbox.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import type { Store } from '../../src/ports/store.ts';
import { notifiersOf } from '../../src/wiring/notifiers.ts';
import { aqe, aqeWith, databaseOf, json } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { messageOf, queue, Scripted } from '../support/outbox.ts';
import { emptyProject, type Project } from '../support/project.ts';
import { plantedSecrets } from '../support/secrets.ts';

afterAll(removeTemporaryFolders);

describe('delivering', () => {
  let store: Store;
  let now: Date;
  let ids = 0;

  beforeEach(async () => {
    store = await openSqliteStore(join(temporaryFolder(), 'deploy.db'));
    now = new Date('2026-11-23T12:00:00.000Z');
    return () => store.close();
  });

  const run = (notifiers: readonly Notifier[], input: Partial<DeliverInput> = {}) =>
    deliverMessages(
      {
        store,
        notifiers,
        clock: { now: () => now, zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) },
        identity: { newId: () => `id-${(ids += 1)}`, osUser: () => 'os user ada', sha256: () => '' },
      },
      { service: 'shop', which: 'due', ...input },
      new AbortController().signal,
    );
  const later = (minutes: number): void => void (now = new Date(now.getTime() + minutes * 60_000));

  test('gives each message to each notifier once, however often it runs', async () => {
    const [mail, hook] = [new Scripted('smtp'), new Scripted('webhook:chat')];
    await queue(store, messageOf('m1'), messageOf('m2'));

    const first = await run([mail, hook]);
    const second = await run([mail, hook], { which: 'all' });

    expect(first.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
    expect(second).toEqual([]);
    expect([mail.seen, hook.seen]).toEqual([
      ['m1', 'm2'],
      ['m1', 'm2'],
    ]);
  });

  test('tries again after 1, 5, 30 and 120 minutes and gives up after five attempts', async () => {
    const mail = new Scripted('smtp', 'is down');
    await queue(store, messageOf('m1'));

    const attempts: number[] = [];
    for (let minute = 0; minute <= 300; minute += 1) {
      if ((await run([mail])).length > 0) attempts.push(minute);
      later(1);
    }

    expect(attempts).toEqual([0, 1, 6, 36, 156]);
    expect(await outboxOf(store, 'shop', [mail])).toMatchObject([
      {
        state: 'failed',
        ways: [{ attempts: 5, state: 'failed', nextAt: null, detail: 'AQE7002 is down (mail.example.test:587)' }],
      },
    ]);
  });

  test('gives up at once what another attempt cannot help, and tries it again when told to', async () => {
    const mail = new Scripted('smtp', 'refuses');
    await queue(store, messageOf('m1'));

    const first = await run([mail]);
    later(1000);
    const second = await run([mail], { which: 'waiting' });
    mail.answer = () => 'takes it';
    const third = await run([mail], { which: 'all' });

    expect(first).toMatchObject([{ outcome: 'failed', again: false }]);
    expect(second).toEqual([]);
    expect(third).toMatchObject([{ outcome: 'delivered' }]);
    expect((await outboxOf(store, 'shop', [mail]))[0]!.state).toBe('delivered');
  });

  test('does not let a notifier that fails hold up the others', async () => {
    const [down, bad, good] = [
      new Scripted('smtp', 'is down'),
      new Scripted('webhook:a', 'has no address'),
      new Scripted('webhook:b'),
    ];
    await queue(store, messageOf('m1'));

    const attempts = await run([down, bad, good]);

    expect(attempts.map(({ notifier, outcome, again }) => [notifier, outcome, again])).toEqual([
      ['smtp', 'failed', true],
      ['webhook:a', 'failed', false],
      ['webhook:b', 'delivered', false],
    ]);
  });

  test('leaves a notifier alone that failed twice in a row, and steps over one bad message', async () => {
    const down = new Scripted('smtp', 'is down');
    const choosy = new Scripted('webhook:chat');
    choosy.answer = ({ id }) => (id === 'm2' ? 'is down' : 'takes it');
    await queue(store, ...['m1', 'm2', 'm3', 'm4', 'm5'].map((id) => messageOf(id)));

    await run([down, choosy]);

    expect(down.seen).toEqual(['m1', 'm2']);
    expect(choosy.seen).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  });

  test('keeps every attempt, with an entry in the audit log', async () => {
    const mail = new Scripted('smtp', 'is down');
    await queue(store, messageOf('m1'));

    await run([mail]);
    mail.answer = () => 'takes it';
    later(1);
    await run([mail]);

    const deliveries = await store.find('deliveries', { service: 'shop' });
    const events = (await store.auditLog()).map(
      ({ body }) => JSON.parse(body) as { readonly event?: unknown; readonly action?: unknown },
    );
    expect(deliveries.map(({ message, notifier, outcome }) => [message, notifier, outcome])).toEqual([
      ['m1', 'smtp', 'failed'],
      ['m1', 'smtp', 'delivered'],
    ]);
    expect(JSON.stringify(events)).toMatch(/message\.queued.*message\.failed.*message\.delivered/);
  });

  test('what was delivered and could not be recorded goes out again under the same id', async () => {
    const mail = new Scripted('smtp');
    await queue(store, messageOf('m1'));
    const kept = store;
    store = {
      ...kept,
      find: kept.find.bind(kept),
      commit: () => Promise.reject(new Error('disk is full')),
      close: kept.close.bind(kept),
    };

    await expect(run([mail])).rejects.toThrow('disk is full');
    store = kept;
    await run([mail]);

    expect(mail.seen).toEqual(['m1', 'm1']);
  });

  test('takes the messages that it is told to, and leaves other services alone', async () => {
    const mail = new Scripted('smtp');
    await queue(
      store,
      messageOf('m1'),
      messageOf('other', { service: 'billing' }),
      messageOf('nobody', { recipients: '[]' }),
    );

    const some = await run([mail], { messages: ['m1'] });
    const rest = await run([mail]);

    expect([some.length, rest.length]).toEqual([1, 0]);
    expect(mail.seen).toEqual(['m1']);
    expect((await outboxOf(store, 'shop', [mail])).map(({ state }) => state)).toEqual(['delivered', 'waiting']);
  });

  test('a bug in a notifier is not taken for a failed delivery', async () => {
    const broken: Notifier = {
      id: 'x',
      takes: () => true,
      deliver: () => Promise.reject(new TypeError('undefined is not a function')),
    };
    await queue(store, messageOf('m1'));

    await expect(run([broken])).rejects.toThrow(TypeError);
  });
});

describe('aqe deploy outbox', () => {
  let shop: Project;

  beforeEach(async () => {
    shop = emptyProject();
    shop.write('aqe-deploy.yaml', 'service: shop\n');
    const store = await openSqliteStore(databaseOf(shop.root));
    await queue(store, messageOf('m1'), messageOf('m2', { subject: '\u001b[31mApprove\u001b[0m' }));
    await store.close();
  });

  const outbox = (notifiers: readonly Notifier[], ...argv: readonly string[]) =>
    aqeWith({ notifiers: () => Promise.resolve(notifiers) }, shop.root, ['outbox', ...argv]);

  test('shows what waits and why, and delivers nothing unasked', async () => {
    const mail = new Scripted('smtp');

    const { code, out } = await outbox([mail]);

    expect(code).toBe(0);
    expect(out).toContain('Outbox: 2 waiting, 0 delivered, 0 failed');
    expect(out).toContain('Approve shop v2.5.0 (m1): waiting');
    expect(out).toContain('smtp: not tried yet');
    expect(out).not.toContain('\u001b');
    expect(mail.seen).toEqual([]);
  });

  test('--deliver ends in 0 when all went well, in 2 when a delivery failed', async () => {
    const mail = new Scripted('smtp');
    mail.answer = ({ id }) => (id === 'm1' ? 'is down' : 'takes it');

    const failed = await outbox([mail], '--deliver');
    mail.answer = () => 'takes it';
    const good = await outbox([mail], '--deliver', '--json');

    expect(failed.code).toBe(2);
    expect(failed.out).toContain('2 attempts now, 1 failed');
    expect(failed.out).toMatch(/1 failed attempt, last: AQE7002 is down/);
    expect(good.code).toBe(0);
    expect(json(good)).toMatchObject({
      schemaVersion: '1',
      service: 'shop',
      notifiers: ['smtp'],
      messages: [
        { id: 'm1', state: 'delivered', recipients: ['ada@example.test'], ways: [{ notifier: 'smtp', attempts: 2 }] },
        { id: 'm2', state: 'delivered' },
      ],
      attempts: [{ message: 'm1', outcome: 'delivered' }],
    });
  });

  test('--deliver without a notifier is an error; without --deliver the outbox is shown', async () => {
    const [tried, shown] = await Promise.all([
      aqe(shop.root, ['deploy', 'outbox', '--deliver']),
      aqe(shop.root, ['deploy', 'outbox']),
    ]);

    expect([tried.code, tried.err]).toEqual([2, expect.stringContaining('AQE7001')]);
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('no notifier takes it')]);
  });

  test('--given-up alone is a mistake', async () => {
    const { code, err } = await outbox([], '--given-up');

    expect([code, err]).toEqual([2, expect.stringContaining('--given-up goes with --deliver')]);
  });

  test('an empty outbox says so', async () => {
    const empty = emptyProject();

    const { code, out } = await aqe(empty.root, ['deploy', 'outbox']);

    expect([code, out]).toEqual([0, 'The outbox is empty\n']);
  });
});

describe('notifiers from the config', () => {
  const key = plantedSecrets('outbox')[0]!.value;
  const clock = { now: () => new Date(0), zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };

  test('a webhook delivers with the key of its variable to a host that is allowed', async () => {
    const ids: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      ids.push(String(request.headers['x-aqe-id']));
      request.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const notify = { webhooks: [{ name: 'chat', url: `http://127.0.0.1:${port}/`, secret_env: 'HOOK_KEY' }] };

    const [allowed] = await notifiersOf({ notify, outbound: { allow_hosts: ['127.0.0.1'] } }, { HOOK_KEY: key }, clock);
    const [refused] = await notifiersOf({ notify }, { HOOK_KEY: key }, clock);
    await allowed!.deliver(messageOf('m1'), new AbortController().signal);
    const attempt = refused!.deliver(messageOf('m2'), new AbortController().signal);

    await expect(attempt).rejects.toMatchObject({ code: 'AQE7003', retryable: false });
    expect(ids).toEqual(['m1']);
    await new Promise((resolve) => server.close(resolve));
  });

  test('all that are configured are made, under their names', async () => {
    const notify = {
      smtp: { host: 'mail.example.test', from: 'aqe@example.test', user: 'aqe', password_env: 'MAIL_PASSWORD' },
      webhooks: [{ name: 'chat', url: 'https://chat.example.test/', secret_env: 'HOOK_KEY', timeout: '3s' }],
    };

    const made = await notifiersOf({ notify }, { MAIL_PASSWORD: 'x', HOOK_KEY: key }, clock);

    expect(made.map(({ id }) => id)).toEqual(['smtp', 'webhook:chat']);
  });

  test.each([
    ['not set', {}],
    ['empty', { HOOK_KEY: '' }],
    ['too short for a signature', { HOOK_KEY: 'short' }],
  ])('a variable that is %s is named in the error', async (_, env) => {
    const notify = { webhooks: [{ name: 'chat', url: 'https://chat.example.test/', secret_env: 'HOOK_KEY' }] };

    await expect(notifiersOf({ notify }, env, clock)).rejects.toMatchObject({
      code: 'AQE1010',
      message: expect.stringContaining('HOOK_KEY of notify.webhooks.0.secret_env') as string,
    });
  });

  test('the command delivers what the config says, and shows no secret when it cannot', async () => {
    const ids: (string | undefined)[] = [];
    let status = 500;
    const server = createServer((request, response) => {
      ids.push(String(request.headers['x-aqe-id']));
      request.resume().on('end', () => response.writeHead(status).end(key));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const shop = emptyProject();
    shop.write(
      'aqe-deploy.yaml',
      `service: shop\nnotify:\n  webhooks:\n    - { name: chat, url: 'http://127.0.0.1:${port}/', secret_env: HOOK }\noutbound:\n  allow_hosts: ['127.0.0.1:${port}']\n`,
    );
    const store = await openSqliteStore(databaseOf(shop.root));
    await queue(store, messageOf('m1', { subject: `Approve ${key}` }));
    await store.close();

    const unset = await aqe(shop.root, ['deploy', 'outbox', '--deliver']);
    const failed = await aqe(shop.root, ['deploy', 'outbox', '--deliver'], { env: { HOOK: key } });
    status = 204;
    const good = await aqe(shop.root, ['deploy', 'outbox', '--deliver'], { env: { HOOK: key } });
    await new Promise((resolve) => server.close(resolve));

    expect([unset.code, unset.err]).toEqual([2, expect.stringContaining('AQE1010')]);
    expect([failed.code, failed.out]).toEqual([2, expect.stringContaining('the receiver answered 500')]);
    expect([good.code, good.out]).toEqual([0, expect.stringContaining('1 attempt now, 0 failed')]);
    expect(ids).toEqual(['m1', 'm1']);
    expect([unset, failed, good].map(({ out, err }) => out + err).join('')).not.toContain(key);
  });
});
