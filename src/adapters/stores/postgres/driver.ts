import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { PoolClient } from 'pg';
import type { Connections } from './connections.ts';
import { asLost, ConnectionLost, OutcomeUnknown } from './lost.ts';

/**
 * kysely over `pg`. A connection that failed, in whatever way, is thrown away and never asked again: kysely's own driver
 * would send a ROLLBACK after a lost COMMIT and report that. A query outside of a transaction only reads, and is asked
 * again on another connection if its own is lost.
 */
export function postgresDialect(server: Connections): Dialect {
  return {
    createDriver: () => new PostgresDriver(server),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

class PostgresDriver implements Driver {
  readonly #server: Connections;

  constructor(server: Connections) {
    this.#server = server;
  }

  async init(): Promise<void> {
    // A connection is made when the first query asks for one.
  }

  async acquireConnection(): Promise<Connection> {
    return new Connection(this.#server, await this.#server.take());
  }

  async beginTransaction(connection: Connection, { isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
    const mode = accessMode === undefined ? '' : ` ${accessMode}`;
    connection.inTransaction = true;
    await connection.run(`begin${level}${mode}`);
  }

  async commitTransaction(connection: Connection): Promise<void> {
    try {
      const command = await connection.run('commit');
      // So it answers if a statement failed before and somebody swallowed that.
      if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
    } catch (error) {
      // A server that answers has decided; one that goes away may have done so without saying.
      if (error instanceof ConnectionLost) throw new OutcomeUnknown(error.message, { cause: error });
      throw error;
    }
  }

  async rollbackTransaction(connection: Connection): Promise<void> {
    if (connection.isLost) return;
    try {
      await connection.run('rollback');
    } catch (error) {
      // The server rolls back when the connection goes. What led here is the error that counts.
      if (!(error instanceof ConnectionLost)) throw error;
    }
  }

  async releaseConnection(connection: Connection): Promise<void> {
    connection.release();
  }

  destroy(): Promise<void> {
    return this.#server.end();
  }
}

class Connection implements DatabaseConnection {
  inTransaction = false;
  isLost = false;
  readonly #server: Connections;
  #client: PoolClient;

  constructor(server: Connections, client: PoolClient) {
    this.#server = server;
    this.#client = client;
  }

  /** Gives the command that the server says it has carried out. */
  async run(text: string): Promise<string> {
    return (await this.#ask(text, [])).command;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.#ask(sql, parameters);
    } catch (error) {
      if (this.inTransaction || !(error instanceof ConnectionLost)) throw error;
    }
    this.#client.release(true);
    this.#client = await this.#server.take();
    this.isLost = false;
    return this.#ask(sql, parameters);
  }

  async #ask<R>(text: string, parameters: readonly unknown[]): Promise<{ rows: R[]; command: string }> {
    try {
      const { rows, command } = await this.#client.query(text, [...parameters]);
      return { rows, command };
    } catch (error) {
      const failure = asLost(error);
      this.isLost ||= failure instanceof ConnectionLost;
      throw failure;
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('rows are read in pages here');
  }

  release(): void {
    this.#client.release(this.isLost);
  }
}
