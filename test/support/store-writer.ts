// A process of its own for tests that kill, starve or race a writer: `node store-writer.ts FILE PREFIX COUNT`.
// Saves assessments with two debts each, and prints the id of each one after its save returned, or the code of the error
// that ended it. The last line is what the store holds then, as JSON.
import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import { assessmentOf, debtOf, eventOf } from './stored-records.ts';

const [file = '', prefix = '', count = '0'] = process.argv.slice(2);
const store = await openSqliteStore(file);
try {
  for (let i = 0; i < Number(count); i++) {
    const id = `${prefix}${i}`;
    const debts = [debtOf(`${id}-1`, { version: id }), debtOf(`${id}-2`, { version: id })];
    const assessments = [assessmentOf(id, { version: id, body: 'x'.repeat(5_000) })];
    await store.commit({ assessments, debts }, [eventOf(`e-${id}`)]);
    writeSync(1, `${id}\n`);
  }
} catch (error) {
  if (!(error instanceof AqeError)) throw error;
  writeSync(1, `${error.code}\n`);
}
const assessments = (await store.find('assessments', { service: 'shop' })).map(({ id }) => id);
const debts = (await store.find('debts', { service: 'shop' })).map(({ version }) => version);
writeSync(1, `${JSON.stringify({ assessments, debts, faults: await store.check() })}\n`);
await store.close();
