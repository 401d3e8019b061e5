// A process of its own for tests that kill, starve or race a writer: `node store-writer.ts FILE PREFIX COUNT`.
// Saves assessments with two debts each, and prints the id of each one after its save returned, or the code of the error
// that ended it. The last line is what the store holds then, as JSON.
import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import { assessmentOf, debtOf } from './stored-records.ts';

const [file = '', prefix = '', count = '0'] = process.argv.slice(2);
const store = await openSqliteStore(file);
try {
  for (let i = 0; i < Number(count); i++) {
    const id = `${prefix}${i}`;
    const debts = [debtOf(`${id}-1`, { version: id }), debtOf(`${id}-2`, { version: id })];
    await store.saveAssessment(assessmentOf(id, { version: id, body: 'x'.repeat(5_000) }), debts);
    writeSync(1, `${id}\n`);
  }
} catch (error) {
  if (!(error instanceof AqeError)) throw error;
  writeSync(1, `${error.code}\n`);
}
const assessments = (await store.assessments({ service: 'shop', limit: 100_000 })).map(({ id }) => id);
const debts = (await store.debts('shop')).map(({ version }) => version);
writeSync(1, `${JSON.stringify({ assessments: assessments.toReversed(), debts, faults: await store.check() })}\n`);
await store.close();
