import type { AuditSpool } from '../../ports/audit-spool.ts';
import { lineFile } from './shared/line-file.ts';

/** The spool in a file of JSON lines. */
export function spoolFile(path: string): AuditSpool {
  return lineFile(path, 'AQE6008');
}
