import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ed25519, newPrivateKey, signerFromPem } from '../../src/adapters/attest/ed25519.ts';
import { checkpointFile } from '../../src/adapters/audit/checkpoint-file.ts';
import { spoolFile } from '../../src/adapters/audit/spool-file.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import { auditedStore, type AuditDeps } from '../../src/app/audited-store.ts';
import { verifyAudit, type AuditVerification } from '../../src/app/verify-audit.ts';
import type { AuditFiles } from '../../src/app/workspace.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Signer } from '../../src/ports/signer.ts';
import type { Store } from '../../src/ports/store.ts';

/** A clock that is one second later at each look. */
export function steppingClock(start = '2026-03-01T12:00:00.000Z'): Clock {
  let now = Date.parse(start);
  return { now: () => new Date((now += 1_000)), zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };
}

export interface AuditedFolder {
  readonly folder: string;
  /** Database file. */
  readonly file: string;
  readonly audit: AuditFiles;
  readonly signer: Signer;
  /** Opens, calls, closes; with checkpoints and the spool. */
  withStore<T>(work: (store: Store) => Promise<T>, over?: Partial<AuditDeps>): Promise<T>;
  verify(over?: { readonly audit?: AuditFiles; readonly given?: string }): Promise<AuditVerification>;
  /** Changes the database past the store and its triggers. */
  tamper(work: (db: DatabaseSync) => void): void;
  /** Puts the database file of another path in the place of ours. */
  restore(copy: string): void;
  remove(): void;
}

/** An empty folder for a database with everything beside it, signed with a key of its own. */
export function auditedFolder(): AuditedFolder {
  const folder = mkdtempSync(join(tmpdir(), 'aqe-audit-'));
  const file = join(folder, 'deploy.db');
  const signer = signerFromPem(newPrivateKey(), 'test');
  const audit = {
    shared: false,
    checkpoints: checkpointFile(join(folder, 'audit-checkpoints.jsonl')),
    spool: spoolFile(join(folder, 'audit-spool.jsonl')),
  };
  const clock = steppingClock();
  return {
    folder,
    file,
    audit,
    signer,
    async withStore(work, over = {}) {
      const database = await openSqliteStore(file);
      const deps = { ...audit, clock, identity: systemIdentity, origin: 'shop', signer: async () => signer };
      const store = auditedStore({ store: database, ...deps, ...over });
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    },
    async verify(over = {}) {
      const store = await openSqliteStore(file);
      try {
        const deps = { store, audit: over.audit ?? audit, identity: systemIdentity, check: ed25519, service: 'shop' };
        return await verifyAudit(deps, { trusted: [signer], given: over.given ?? null });
      } finally {
        await store.close();
      }
    },
    tamper(work) {
      const db = new DatabaseSync(file);
      db.exec('pragma synchronous = off; begin');
      const triggers = db.prepare(`select name from sqlite_master where type = 'trigger'`).all();
      for (const { name } of triggers) db.exec(`drop trigger "${String(name)}"`);
      work(db);
      db.exec('commit');
      db.close();
    },
    restore(copy) {
      for (const more of ['', '-wal', '-shm']) if (existsSync(file + more)) rmSync(file + more);
      copyFileSync(copy, file);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
