import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type DatabaseConnection,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely';

/**
 * kysely over `node:sqlite`. Every transaction that writes is BEGIN IMMEDIATE: one that reads first and asks for the write lock later
 * fails when another process wrote in between. BEGIN does not wait for the lock, the caller does: a transaction that
 * waits occupies the only connection, and nothing could be read meanwhile.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #raw: DatabaseSync;

  constructor(raw: DatabaseSync) {
    super(configOf(raw));
    this.#raw = raw;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#raw);
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #raw: DatabaseSync;

  constructor(raw: DatabaseSync) {
    super(configOf(raw));
    this.#raw = raw;
  }

  override async beginTransaction(_: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    if (settings?.accessMode === 'read only') return void this.#raw.exec('begin');
    const { timeout } = this.#raw.prepare('pragma busy_timeout').get() ?? {};
    this.#raw.exec('pragma busy_timeout = 0');
    try {
      this.#raw.exec('begin immediate');
    } finally {
      this.#raw.exec(`pragma busy_timeout = ${Number(timeout)}`);
    }
  }

  override async rollbackTransaction(): Promise<void> {
    // After a full disk or an I/O error SQLite has rolled back by itself; a second time would hide that error.
    if (this.#raw.isTransaction) this.#raw.exec('rollback');
  }
}

function configOf(raw: DatabaseSync): SqliteDialectConfig {
  return { database: { close: () => raw.close(), prepare: (text) => statement(raw, text) } };
}

function statement(raw: DatabaseSync, text: string): SqliteStatement {
  const prepared = raw.prepare(text);
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...(parameters as readonly SQLInputValue[])),
    run: (parameters) => prepared.run(...(parameters as readonly SQLInputValue[])),
    iterate: (parameters) => prepared.iterate(...(parameters as readonly SQLInputValue[])),
  };
}
