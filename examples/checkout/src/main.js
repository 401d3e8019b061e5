import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createCheckout } from './server.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const log = (event) => process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);

const server = createCheckout({ version, log });

server.on('error', (error) => {
  log({ event: 'cannot-listen', error: error.message });
  process.exitCode = 1;
});

server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1', () => {
  log({ event: 'listening', version, port: server.address().port });
});

/** Requests under way are answered; the process ends when the last one is. */
function stop(signal) {
  log({ event: 'stopping', signal });
  server.close();
  server.closeIdleConnections();
}

process.on('SIGINT', stop);
process.on('SIGTERM', stop);
