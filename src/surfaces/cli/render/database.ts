import type { TableDigest } from '../../../ports/store-transfer.ts';
import type { Page } from './page.ts';

/** What each table holds, one a line; digests are cut short, JSON has them in full. */
export function drawTables(out: Page, tables: readonly TableDigest[]): void {
  for (const { table, rows, sha256 } of tables)
    out.field(table === 'audit' ? 'audit log' : table, rows === 0 ? 'none' : `${rows}, sha256 ${shortDigest(sha256)}`);
}

export function shortDigest(hex: string): string {
  return `${hex.slice(0, 16)}…`;
}
