import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { vi } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/open.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { hasPostgres, postgresServer } from '../support/postgres-server.ts';
import { describeStore } from '../support/store-contract.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

describeStore('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aqe-store-'));
  const file = join(folder, '.agentic-qe', 'deploy.db');
  return {
    open: () => openSqliteStore(file),
    async execute(statement) {
      const shell = new DatabaseSync(file);
      try {
        shell.exec(statement);
      } finally {
        shell.close();
      }
    },
    async remove() {
      rmSync(folder, { recursive: true });
    },
  };
});

if (hasPostgres)
  describeStore('PostgreSQL', async () => {
    const server = await postgresServer();
    const url = await server.freshSchema();
    return {
      open: async () => openPostgresStore(url),
      async execute(statement) {
        await server.execute(url, statement);
      },
      // Whoever stops the server at once waits for every file that is left.
      remove: () => server.dropSchema(url),
    };
  });
