import { AqeError } from '../../core/error/aqe-error.ts';
import type { HistoryFormat } from '../../ports/deployment-history.ts';
import { jsonHead } from '../signals/shared/json.ts';
import { ownColumns } from './own-row.ts';

/** The format of a file by the first of its text; null for JSON that lists nothing. @throws AqeError AQE2015. */
export function formatOf(path: string, head: string): HistoryFormat | null {
  const start = head.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) {
    let value = jsonHead(start);
    while (Array.isArray(value) && value.length > 0) value = value[0];
    const known = Array.isArray(value) ? null : formatOfObject(value);
    if (known !== undefined) return known;
    throw new AqeError('AQE2015', 'its first JSON value has none of the keys that tell', { path });
  }
  const [header = ''] = start.split(/\r?\n/, 1);
  const fields = header.split(/[,;\t|]/).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  if (fields.some((field) => ownColumns.includes(field))) return 'csv';
  throw new AqeError('AQE2015', 'it is neither JSON nor does its first line name columns of ours', { path, line: 1 });
}

function formatOfObject(value: unknown): HistoryFormat | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const has = (...keys: readonly string[]): boolean => keys.every((key) => Object.hasOwn(value, key));
  if (has('deployed_at') || has('version', 'outcome')) return 'ndjson';
  if (has('state', 'deployment_url')) return 'github';
  const environment = has('environment') ? Reflect.get(value, 'environment') : undefined;
  if (typeof environment === 'object' && has('sha', 'status')) return 'gitlab';
  return typeof environment === 'string' && has('sha', 'ref') ? 'github' : undefined;
}
