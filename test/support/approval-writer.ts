// A process of its own for tests in which many write: `node approval-writer.ts DATABASE PREFIX COUNT`, with the path of an
// SQLite file or the URL of a PostgreSQL database. Adds approvals one after the other, each with an entry in the audit
// log. Prints `+id` when it was told that one is kept, `-id CODE DETAIL` when it was told that it is not, and goes on.
import { writeSync } from 'node:fs';
import { openPostgresStore } from '../../src/adapters/stores/postgres/open.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import { approvalOf, eventOf } from './stored-records.ts';

const [database = '', prefix = '', count = '0'] = process.argv.slice(2);
const store = database.includes('://')
  ? openPostgresStore(database, { patience: 60_000 })
  : await openSqliteStore(database, { busyTimeout: 30_000 });
for (let i = 0; i < Number(count); i++) {
  const id = `${prefix}${i}`;
  try {
    await store.commit({ approvals: [approvalOf(id)] }, [eventOf(`e-${id}`, { action: 'approval.given' })]);
    writeSync(1, `+${id}\n`);
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    writeSync(1, `-${id} ${error.code} ${error.detail}\n`);
  }
}
await store.close();
