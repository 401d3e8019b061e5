import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { outboundHttp } from '../../src/adapters/http/outbound.ts';
import { smtp, type SmtpSettings } from '../../src/adapters/notify/smtp.ts';
import { webhook } from '../../src/adapters/notify/webhook.ts';
import { Secret } from '../../src/core/secret/secret.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import type { OutboxMessage } from '../../src/ports/store.ts';
import { selfSigned } from './certificate.ts';
import { mailServer, type MailServer } from './mail-server.ts';

/** Password of the mail server and key of the webhook. */
export const password = 'hunter2-correct-horse';
export const certificate = selfSigned('localhost', '127.0.0.1');
const now = new Date('2026-11-23T12:00:00.000Z');
const clock = { now: () => now, zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };

export const message = (over: Partial<OutboxMessage> = {}): OutboxMessage => ({
  id: '0192f3c4-5b6d-7e8f-9012-3456789abcde',
  service: 'shop',
  version: 'v2.5.0',
  environment: 'production',
  kind: 'approval-request',
  recipients: '["ada@example.test","grace@example.test"]',
  subject: 'Approve shop v2.5.0 — Überprüfung 🚀',
  text: 'Ada asks for approval.\n.\nRisk is 42/100.\n',
  data: '{"risk":42}',
  createdAt: '2026-11-23T11:59:00.000Z',
  ...over,
});

const open: (() => Promise<unknown>)[] = [];

/** Ends what the servers of a test left; call it in `afterEach`. */
export async function stopServers(): Promise<void> {
  for (const stop of open.splice(0)) await stop();
}

export async function mailServerFor(options: Parameters<typeof mailServer>[0]): Promise<MailServer> {
  const server = await mailServer(options);
  open.push(server.stop);
  return server;
}

export const smtpTo = (port: number, over: Partial<SmtpSettings> = {}): Notifier =>
  smtp({
    host: '127.0.0.1',
    port,
    security: 'starttls',
    from: 'aqe@shop.example.test',
    login: { user: 'aqe', password: new Secret(password) },
    timeoutMs: 5000,
    ca: certificate.cert,
    ...over,
  });

export const hookTo = (port: number, timeoutMs = 5000): Notifier =>
  webhook(
    { name: 'chat', url: `http://127.0.0.1:${port}/hooks/42`, secret: new Secret(password), timeoutMs },
    outboundHttp({ allowHosts: ['127.0.0.1'] }),
    clock,
  );

export async function httpServer(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<number> {
  const server = createHttpServer((request, response) => void answer(request, response));
  return listen(server, () => server.closeAllConnections());
}

export async function silentServer(meet: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The other side goes away when it has waited enough.
    socket.on('error', () => undefined);
    meet(socket);
  });
  return listen(server, () => sockets.forEach((socket) => socket.destroy()));
}

async function listen(server: Server, disconnect: () => void): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        disconnect();
        server.close(resolve);
      }),
  );
  return (server.address() as AddressInfo).port;
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
