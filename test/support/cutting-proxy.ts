import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to the connection on which a statement is sent. */
export type Cut =
  /** The server never hears of it. */
  | 'before'
  /** The server carries it out, and its answer is lost. */
  | 'after'
  /** As `after`, and from then on nobody is let in. */
  | 'after and for good';

export interface CuttingProxy {
  readonly port: number;
  /** How many connections were cut. */
  readonly cuts: number;
  cutNextCommit(how: Cut): void;
  /** The next statement that has these words. */
  cutNext(words: string, how: Cut): void;
  close(): Promise<void>;
}

/** Stands before a PostgreSQL server and loses connections at the worst moment. */
export async function cuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let next: { readonly words: string; readonly how: Cut } | null = null;
  let isShut = false;
  let cuts = 0;
  const proxy = createServer((client) => {
    if (isShut) return void client.destroy();
    const server = connect(serverPort, '127.0.0.1');
    let cutting: Cut | null = null;
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (data) => {
      if (next !== null && data.includes(next.words)) {
        cutting = next.how;
        next = null;
        cuts += 1;
        isShut = cutting === 'after and for good';
        if (cutting === 'before') return end();
      }
      server.write(data);
    });
    server.on('data', (data) => (cutting === null ? client.write(data) : end()));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    get cuts() {
      return cuts;
    },
    cutNextCommit(how) {
      next = { words: 'commit\0', how };
    },
    cutNext(words, how) {
      next = { words, how };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
