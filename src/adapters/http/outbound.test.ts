import { Agent, createServer as createHttpServer, request as httpRequest, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type LookupFunction, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfSigned } from '../../../test/support/certificate.ts';
import type { OutboundRequest } from '../../ports/outbound-http.ts';
import { isBlocked } from './blocked-addresses.ts';
import { outboundHttp } from './outbound.ts';

/** Ways to write an address of this machine, of its network or of a metadata service. */
const spellings = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7F.1',
  '017700000001',
  '0177.0.0.1',
  '0177.1',
  '0x7f.0x0.0x0.0x1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '127。0。0。1',
  '①②⑦.0.0.1',
  '%31%32%37.0.0.1',
  '0.0.0.0',
  '0',
  '0x0',
  '00.0.0.0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[::ffff:0:127.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[100::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  'localhost',
  'LOCALHOST',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '10.0.0.1',
  '10.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.257',
  '0xc0a80001',
  '100.64.0.1',
  '100.127.255.254',
  '198.18.0.1',
  '192.0.0.8',
  '192.0.2.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '255.255.255.255',
  '240.0.0.1',
  '168.63.129.16',
] as const;

const certificate = selfSigned('localhost', '127.0.0.1', 'service.example.test');
let reached = 0;
const servers: Server[] = [];
let port = 0;
let httpPort = 0;
let httpsPort = 0;

const listen = async (server: Server, host?: string): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  port = await listen(
    createServer((socket) => {
      reached += 1;
      socket.destroy();
    }),
  );
  const answer: RequestListener = (request, response) => {
    if (request.url === '/redirect') response.writeHead(302, { location: `https://127.0.0.1:${port}/` }).end('moved');
    else if (request.url === '/big') response.end('x'.repeat(1_000_000));
    else response.writeHead(200, { 'x-answer': 'yes' }).end('good');
  };
  httpPort = await listen(createHttpServer(answer), '127.0.0.1');
  httpsPort = await listen(createHttpsServer(certificate, answer), '127.0.0.1');
});
afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
});

const get = (url: string, over: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'GET',
  url,
  timeoutMs: 3000,
  ...over,
});
const leadsTo =
  (address: string): LookupFunction =>
  (_, options, done) =>
    options.all === true
      ? done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
      : done(null, address, address.includes(':') ? 6 : 4);
const outcome = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(() => 'sent').catch((error: { readonly code?: string }) => error.code ?? String(error));

test('there are at least sixty spellings', () => {
  expect(new Set(spellings).size).toBeGreaterThanOrEqual(60);
});

describe.each(spellings)('%s', (host) => {
  const http = outboundHttp({ allowHosts: [] });

  test('is not reached directly, over https or http', async () => {
    const results = await Promise.all([
      outcome(http.send(get(`https://${host}:${port}/`))),
      outcome(http.send(get(`http://${host}:${port}/`))),
      outcome(http.send({ ...get(`https://${host}:${port}/`), method: 'POST', body: 'x' })),
    ]);

    expect(results).toEqual(['AQE7003', 'AQE7003', 'AQE7003']);
    expect(reached).toBe(0);
  });

  test('is not reached by a name that leads to it', async () => {
    const address = new URL(`https://${host}/`).hostname.replace(/^\[|\]$/g, '');
    const literal = /^[\d.]+$|:/.test(address) ? address.replace(/\.$/, '') : '127.0.0.1';
    const misled = outboundHttp({ allowHosts: [], lookup: leadsTo(literal) });

    const result = await outcome(misled.send(get(`https://service.example.test:${port}/`)));

    expect(result).toBe('AQE7003');
    expect(reached).toBe(0);
  });
});

test('a name whose answer changes between the check and the connection is checked at the connection', async () => {
  let calls = 0;
  const lookup: LookupFunction = (name, options, done) => {
    calls += 1;
    leadsTo('127.0.0.1')(name, options, done);
  };

  const result = await outcome(
    outboundHttp({ allowHosts: [], lookup }).send(get(`https://rebind.example.test:${port}/`)),
  );

  expect(result).toBe('AQE7003');
  expect(calls).toBe(1);
  expect(reached).toBe(0);
});

test('a name with one public and one private address is refused', async () => {
  const lookup: LookupFunction = (_, __, done) =>
    done(null, [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);

  expect(await outcome(outboundHttp({ allowHosts: [], lookup }).send(get(`https://two.example.test:${port}/`)))).toBe(
    'AQE7003',
  );
  expect(reached).toBe(0);
});

test('a socket that another part of the program left open is not used', async () => {
  const agent = new Agent({ keepAlive: true });
  await new Promise<void>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: httpPort, agent }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });

  const result = await outcome(outboundHttp({ allowHosts: [] }).send(get(`https://127.0.0.1:${httpPort}/`)));
  agent.destroy();

  expect(result).toBe('AQE7003');
});

test('a redirect is an answer and is not followed', async () => {
  const http = outboundHttp({ allowHosts: [`127.0.0.1:${httpPort}`] });

  const { status, headers } = await http.send(get(`http://127.0.0.1:${httpPort}/redirect`));

  expect(status).toBe(302);
  expect(headers['location']).toBe(`https://127.0.0.1:${port}/`);
  expect(reached).toBe(0);
});

test('an allowed host is reached over http; the same host at another port is not', async () => {
  const http = outboundHttp({ allowHosts: [`127.0.0.1:${httpPort}`] });

  const answer = await http.send(get(`http://127.0.0.1:${httpPort}/`));
  const other = await outcome(http.send(get(`http://127.0.0.1:${port}/`)));

  expect(answer).toMatchObject({ status: 200, body: 'good', truncated: false, headers: { 'x-answer': 'yes' } });
  expect(other).toBe('AQE7003');
  expect(reached).toBe(0);
});

test('certificates are checked, whatever the environment says', async () => {
  const host = 'service.example.test';
  const lookup = leadsTo('127.0.0.1');
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';

  const url = `https://${host}:${httpsPort}/`;
  const unknown = await outcome(outboundHttp({ allowHosts: [host], lookup }).send(get(url)));
  const known = await outcome(outboundHttp({ allowHosts: [host], lookup, ca: certificate.cert }).send(get(url)));
  const other = await outcome(
    outboundHttp({ allowHosts: ['wrong.example.test'], lookup, ca: certificate.cert }).send(
      get(`https://wrong.example.test:${httpsPort}/`),
    ),
  );
  if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;

  expect([unknown, known, other]).toEqual(['AQE7002', 'sent', 'AQE7002']);
});

test('of a big answer 64 KiB are read', async () => {
  const answer = await outboundHttp({ allowHosts: ['127.0.0.1'] }).send(get(`http://127.0.0.1:${httpPort}/big`));

  expect(answer).toMatchObject({ truncated: true });
  expect(answer.body).toHaveLength(65_536);
});

test.each([
  ['a line break', { 'x-id': 'a\r\nX-Other: b' }],
  ['a line feed', { 'x-id': 'a\nb' }],
  ['a NUL', { 'x-id': 'a\0b' }],
  ['a character beyond ASCII', { 'x-id': 'ä' }],
  ['a line break in the name', { 'x\r\ny': 'a' }],
  ['a colon in the name', { 'x:y': 'a' }],
])('a header with %s is not sent', async (_, headers) => {
  const sending = outboundHttp({ allowHosts: ['127.0.0.1'] }).send(get(`http://127.0.0.1:${port}/`, { headers }));

  await expect(sending).rejects.toMatchObject({ code: 'AQE7002', retryable: false });
  expect(reached).toBe(0);
});

test.each([
  'ftp://example.test/',
  'file:///etc/passwd',
  'data:text/plain,x',
  'gopher://127.0.0.1/',
  'https://',
  'not a url',
  '//example.test',
  'https://user:pw@example.test/',
])('%s is refused', async (url) => {
  const error = await outboundHttp({ allowHosts: [] })
    .send(get(url))
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: 'AQE7003', retryable: false });
  expect(JSON.stringify(error)).not.toContain('pw');
});

test('public addresses are not blocked', () => {
  const blocked = [
    '93.184.216.34',
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ].filter(isBlocked);

  expect(blocked).toEqual([]);
});

test('what is no address is blocked', () => {
  expect(['', 'x', '1.2.3', '::g', '127.0.0.1:80'].filter((text) => !isBlocked(text))).toEqual([]);
});
