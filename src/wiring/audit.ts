import { join } from 'node:path';
import { systemSigner } from '../adapters/attest/key-files.ts';
import { checkpointFile } from '../adapters/audit/checkpoint-file.ts';
import { spoolFile } from '../adapters/audit/spool-file.ts';
import { auditedStore, type AuditDeps } from '../app/audited-store.ts';
import type { AuditFiles } from '../app/workspace.ts';
import type { Store } from '../ports/store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What lies beside the audit log of a project. */
export function auditFiles(project: string, env: Environment): AuditFiles {
  const folder = join(project, '.agentic-qe');
  return {
    shared: env['AQE_DATABASE_URL'] !== undefined,
    checkpoints: checkpointFile(join(folder, 'audit-checkpoints.jsonl')),
    spool: spoolFile(join(folder, 'audit-spool.jsonl')),
  };
}

/** The store with checkpoints signed by the key of the project, which is loaded, or made, when something is written. */
export function audited(
  store: Store,
  project: string,
  env: Environment,
  deps: Omit<AuditDeps, 'store' | 'signer'>,
): Store {
  return auditedStore({
    ...deps,
    store,
    signer: () => systemSigner(project, env),
  });
}
