import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { openPostgresStore } from '../../src/adapters/stores/postgres/open.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import type { AuditEntry } from '../../src/core/audit/event.ts';
import type { Store } from '../../src/ports/store.ts';
import { hasPostgres, ownPostgresServer, postgresServer, type PostgresServer } from '../support/postgres-server.ts';

const writer = fileURLToPath(new URL('../support/approval-writer.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'aqe-writers-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Place {
  /** What the writer is told. */
  readonly database: string;
  open(): Promise<Store>;
}

async function sqlite(): Promise<Place> {
  const database = join(mkdtempSync(join(folder, 'db-')), 'deploy.db');
  return { database, open: () => openSqliteStore(database) };
}

async function postgres(server?: PostgresServer): Promise<Place> {
  const database = await (server ?? (await postgresServer())).freshDatabase();
  return { database, open: async () => openPostgresStore(database) };
}

function startWriter({ database }: Place, prefix: string, count: number): ChildProcess {
  return spawn(process.execPath, [writer, database, prefix, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What the writer printed, when it has ended. */
async function linesOf(
  child: ChildProcess,
  each: (line: string) => void = () => undefined,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const ended = once(child, 'close');
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    each(line);
  });
  expect(await ended).toEqual([0, null]);
  return lines;
}

async function held(place: Place) {
  const store = await place.open();
  const log: AuditEntry[] = [];
  for (;;) {
    const page = await store.auditLog({ after: log.at(-1)?.seq ?? 0 });
    if (page.length === 0) break;
    log.push(...page);
  }
  const approvals = (await store.find('approvals', { service: 'shop' })).map(({ id }) => id);
  const faults = await store.check();
  await store.close();
  return { approvals, entries: log.length, faults };
}

const kept = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));

describe.each([
  ['SQLite', sqlite, true],
  ['PostgreSQL', () => postgres(), hasPostgres],
] as const)('%s', (_, create, isThere) => {
  test.runIf(isThere)(
    'eight processes that add 500 approvals each lose none and leave one chain of 4,000 entries',
    async () => {
      const place = await create();

      const writers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((prefix) =>
        linesOf(startWriter(place, prefix, 500)),
      );
      const lines = (await Promise.all(writers)).flat();
      const { approvals, entries, faults } = await held(place);

      expect(lines.filter((line) => line.startsWith('-'))).toEqual([]);
      expect(kept(lines)).toHaveLength(4_000);
      expect(approvals.toSorted()).toEqual(kept(lines).toSorted());
      expect([entries, faults]).toEqual([4_000, []]);
    },
    120_000,
  );

  test.runIf(isThere)(
    'four processes that make the database at the same time make one',
    async () => {
      const place = await create();

      const lines = await Promise.all(['a', 'b', 'c', 'd'].map((prefix) => linesOf(startWriter(place, prefix, 1))));
      const { approvals, entries, faults } = await held(place);

      expect(lines.flat().toSorted()).toEqual(['+a0', '+b0', '+c0', '+d0']);
      expect(approvals.toSorted()).toEqual(['a0', 'b0', 'c0', 'd0']);
      expect([entries, faults]).toEqual([4, []]);
    },
    30_000,
  );
});

/** How often the server goes away; each time the writers are at another step of their work. */
const restarts = Number(process.env['AQE_POSTGRES_RESTARTS'] ?? 10);

/** Stops the server again and again while four processes write, and gives what they printed until they were killed. */
async function writeThroughRestarts(server: PostgresServer, place: Place): Promise<readonly string[]> {
  const lines: string[] = [];
  let wake: () => void = () => undefined;
  const writers = [0, 1, 2, 3].map((i) => {
    const child = startWriter(place, `w${i}_`, 100_000);
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      wake();
    });
    return { child, ended: once(child, 'close') };
  });
  const further = async (count: number): Promise<void> => {
    const goal = lines.length + count;
    while (lines.length < goal) await new Promise<void>((resolve) => (wake = resolve));
  };
  try {
    for (let round = 0; round < restarts; round++) {
      await further(40 + round * 7);
      await server.restartImmediately();
    }
    await further(40);
  } finally {
    for (const { child } of writers) child.kill('SIGKILL');
    for (const { ended } of writers) await ended;
  }
  return lines;
}

test.runIf(hasPostgres)(
  'a server that is stopped at once while others write loses nothing that it confirmed',
  async () => {
    const server = await ownPostgresServer();
    try {
      const place = await postgres(server);

      const lines = await writeThroughRestarts(server, place);
      const { approvals, entries, faults } = await held(place);

      expect(lines.filter((line) => line.startsWith('-'))).toEqual([]);
      expect(approvals).toEqual(expect.arrayContaining([...kept(lines)]));
      expect(new Set(approvals).size).toBe(approvals.length);
      // A process that was killed may have added one of which nobody was told.
      expect(approvals.length - kept(lines).length).toBeLessThanOrEqual(4);
      expect([entries, faults]).toEqual([approvals.length, []]);
    } finally {
      await server.end();
    }
  },
  120_000,
);
