import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { DeliveryError } from '../../core/error/delivery-error.ts';
import type { OutboundHttp, OutboundRequest, OutboundResponse } from '../../ports/outbound-http.ts';
import { isBlocked } from './blocked-addresses.ts';

const mostBytes = 64 * 1024;

export interface OutboundSettings {
  /** `host` or `host:port`: may be reached over http and at private addresses too. */
  readonly allowHosts: readonly string[];
  /** PEM certificates to trust instead of those of the system. */
  readonly ca?: string;
  /** Resolves names; a test passes its own. */
  readonly lookup?: LookupFunction;
}

/** HTTP of Node, a connection of its own for each request: none that was opened under other rules is ever used again. */
export function outboundHttp({ allowHosts, ca, lookup = systemLookup }: OutboundSettings): OutboundHttp {
  const allowed = new Set(allowHosts.map((host) => host.toLowerCase()));
  return {
    async send(request) {
      const url = addressOf(request.url);
      const port = url.port || (url.protocol === 'https:' ? '443' : '80');
      const free = allowed.has(url.hostname) || allowed.has(`${url.hostname}:${port}`);
      if (url.protocol !== 'https:' && !free) throw refused(url, 'it is not https');
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) > 0 && !free && isBlocked(literal)) throw refused(url, 'the address is not public');
      const options: RequestOptions = {
        method: request.method,
        headers: headersOf(request, url),
        // No agent is shared: a socket of another request would skip the look-up.
        agent: false,
        lookup: free ? lookup : guarded(lookup, url),
        ...(url.protocol === 'https:' && { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca && { ca }) }),
      };
      return exchange(url, options, request, free);
    },
  };
}

/** @throws DeliveryError */
function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new DeliveryError('AQE7003', 'the address is not an http or https URL', { retryable: false });
  if (url.username !== '' || url.password !== '') throw refused(url, 'it holds a user or a password');
  return url;
}

function refused(url: URL, why: string): DeliveryError {
  return new DeliveryError('AQE7003', why, { retryable: false, context: { host: url.host } });
}

/** @throws DeliveryError for a header that would end before its end. */
function headersOf(request: OutboundRequest, url: URL): Record<string, string | number> {
  const headers: Record<string, string | number> = { connection: 'close' };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (!/^[A-Za-z0-9-]{1,100}$/.test(name) || !/^[\t\u0020-\u007e]{0,4096}$/.test(value))
      throw new DeliveryError('AQE7002', 'a header has characters that are not allowed', {
        retryable: false,
        context: { host: url.host },
      });
    headers[name.toLowerCase()] = value;
  }
  if (request.body !== undefined) headers['content-length'] = Buffer.byteLength(request.body);
  return headers;
}

/** Looks a name up and refuses it if any of its addresses is not public: which one is used is not ours to choose. */
function guarded(lookup: LookupFunction, url: URL): LookupFunction {
  return (name, options, done) =>
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '', 0);
      const addresses = found as readonly LookupAddress[];
      if (addresses.length === 0 || addresses.some(({ address }) => isBlocked(address)))
        return done(refused(url, 'the name leads to an address that is not public'), '', 0);
      if (options.all === true) return done(null, [...addresses]);
      return done(null, addresses[0]!.address, addresses[0]!.family);
    });
}

function exchange(
  url: URL,
  options: RequestOptions,
  { body, timeoutMs, signal }: OutboundRequest,
  free: boolean,
): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const call = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    const timer = setTimeout(() => stop(`no complete answer within ${timeoutMs} ms`), timeoutMs);
    const abort = (): void => stop('it was interrupted');
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (error: DeliveryError): void => {
      settle();
      call.destroy();
      reject(error);
    };
    const stop = (why: string, cause?: unknown): void =>
      fail(new DeliveryError('AQE7002', why, { retryable: true, context: { host: url.host }, cause }));
    call.on('error', (error: NodeJS.ErrnoException) =>
      error instanceof DeliveryError ? fail(error) : stop(wordsOf(error), error),
    );
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    call.on('socket', (socket) =>
      socket.once('connect', () => {
        // What was checked is a name or a text; this is where the connection really leads.
        if (!free && isBlocked(socket.remoteAddress ?? '')) fail(refused(url, 'the address is not public'));
      }),
    );
    call.on('response', (response) => {
      const answer = read(response);
      answer.then(settle, (error: unknown) => stop('the answer broke off', error));
      answer.then(resolve, () => undefined).finally(() => call.destroy());
    });
    call.end(body);
  });
}

/** The answer up to the limit. Rejects if the connection ends before the answer does. */
async function read(response: IncomingMessage): Promise<OutboundResponse> {
  const pieces: Buffer[] = [];
  let size = 0;
  let truncated = false;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, mostBytes - size));
    size += piece.length;
    truncated = size > mostBytes;
    if (truncated) break;
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value!]),
  );
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(pieces).toString('utf8'), truncated };
}

function wordsOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name of the host is not known';
  if (code === 'ECONNREFUSED') return 'the host refuses the connection';
  return code === undefined ? message.slice(0, 200) : `the connection failed (${code})`;
}
