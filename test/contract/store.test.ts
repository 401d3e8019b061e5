import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { describeStore } from '../support/store-contract.ts';

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
