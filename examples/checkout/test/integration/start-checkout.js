import { once } from 'node:events';
import { createCheckout } from '../../src/server.js';

/** A real server on a free port of this machine, with its clock stopped on the last day of SPRING20 and its log kept. */
export async function startCheckout() {
  const events = [];
  const now = () => new Date('2026-05-31T20:00:00Z');
  const server = createCheckout({ version: '2.5.0', log: (event) => events.push(event), now });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();

  async function call(method, path, body, headers = {}) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  async function stop() {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  return { server, port, events, call, stop };
}
