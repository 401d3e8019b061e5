import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyFiles } from '../../src/adapters/history/history-files.ts';
import { systemIdentity } from '../../src/adapters/system/identity.ts';
import { deploymentsIn } from '../../src/app/deployments.ts';
import { importOutcomes, type Imported, type ImportRequest } from '../../src/app/import-outcomes.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import type { Deployment } from '../../src/core/history/outcome.ts';
import type { HistoryFormat, HistoryRow } from '../../src/ports/deployment-history.ts';
import type { Store } from '../../src/ports/store.ts';
import { temporaryFolder } from './git-repository.ts';

/** A page as the API of GitHub or GitLab gives it. */
export function historyPage(name: 'github/deployments' | 'github/statuses' | 'gitlab/deployments'): string {
  return readFileSync(fileURLToPath(new URL(`../fixtures/history/${name}.json`, import.meta.url)), 'utf8');
}

/** A file with this text. */
export function historyFile(text: string | Uint8Array, name = 'history.txt'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** What is read of files with these texts. */
export async function rowsIn(
  texts: readonly (string | Uint8Array)[],
  format?: HistoryFormat,
): Promise<{ readonly rows: readonly HistoryRow[]; readonly notices: readonly string[] }> {
  const files = texts.map((text) => historyFile(text));
  const rows: HistoryRow[] = [];
  const notices: string[] = [];
  for await (const chunk of historyFiles('/').rows({ files, statuses: [], ...(format && { format }) })) {
    rows.push(...chunk.rows);
    notices.push(...chunk.notices);
  }
  return { rows, notices };
}

/** The same, or the code and place of the error. */
export async function readOrError(text: string | Uint8Array, format?: HistoryFormat) {
  try {
    const { rows } = await rowsIn([text], format);
    return { rows: rows.map((row) => ({ ...row, place: null })), error: null };
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    return { rows: null, error: { code: error.code, line: error.context['line'], detail: error.detail } };
  }
}

const importTime = '2026-06-01T12:00:00.000Z';

/** Imports files with these texts into a store, at a time. */
export function importTexts(
  store: Store,
  texts: readonly string[],
  {
    at = importTime,
    service = 'shop',
    ...over
  }: Partial<ImportRequest> & { readonly at?: string; readonly service?: string } = {},
): Promise<Imported> {
  const files = texts.map((text) => historyFile(text));
  return importOutcomes(
    {
      store,
      clock: { now: () => new Date(at) },
      identity: systemIdentity,
      policy: { service, environment: 'production' },
      redact: (text) => text,
    },
    {
      rows: () => historyFiles('/').rows({ files, statuses: [] }),
      basis: 'observed',
      origin: 'files',
      only: { environment: false, service: false },
      dryRun: false,
      ...over,
    },
  );
}

/** What a store says of the deployments to production, without who said it when. */
export async function storedDeployments(store: Store, service = 'shop'): Promise<readonly Partial<Deployment>[]> {
  const all = await deploymentsIn(store, { service, environment: 'production' });
  return all.map(({ deployment, version, outcome, deployedAt, basis, facts }) => ({
    deployment,
    version,
    outcome,
    deployedAt,
    basis,
    facts,
  }));
}
