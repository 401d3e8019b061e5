import type { Assessment } from '../../src/core/decision/assessment.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { StoreRecords } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { readEntry } from '../../src/core/audit/chain.ts';
import { address, keyOf, pemOf } from './approvals.ts';
import { aqe, databaseOf, json, type CliResult } from './cli.ts';
import { project, type Project, type ProjectShape } from './project.ts';

export const version = 'v2.5.0';
const people = ['ada', 'bob', 'cyd', 'dan'] as const;
type Name = (typeof people)[number];
export const oneApproval = 'approvals: { required: [{ name: release, when: always }] }\n';

/** Ada wrote the release; Bob is VP Engineering and Cyd is CTO. */
export function configOf(rules: string): string {
  const entries = people.map(
    (name) => `  ${address(name)}: { key: ${keyOf(name).publicKey}, aliases: [${name}@example.org] }`,
  );
  return `service: shop
people:
${entries.join('\n')}
roles:
  VP Engineering: [${address('bob')}]
  CTO: [${address('cyd')}]
${rules}`;
}

export function shopWith(rules: string = oneApproval, shape: Partial<ProjectShape> = {}): Project {
  return project({ config: configOf(rules), ...shape });
}

/** Runs a command as one of the people, or as somebody without a key. */
export function as(
  name: Name | 'mallory' | null,
  { root }: Project,
  verb: string,
  ...flags: readonly string[]
): Promise<CliResult> {
  const env = { HOME: `${root}/nobody`, ...(name !== null && { AQE_KEY: pemOf(name) }) };
  return aqe(root, ['deploy', verb, '--version', version, ...flags], { env });
}

export const assess = (shop: Project, ...flags: readonly string[]): Promise<CliResult> =>
  as(null, shop, 'assess', ...flags);

export async function assessed(shop: Project): Promise<Assessment & { readonly code: number }> {
  const result = await assess(shop, '--json');
  return { ...json<Assessment>(result), code: result.code };
}

export async function kept<T extends keyof StoreRecords>(
  { root }: Project,
  table: T,
): Promise<readonly StoreRecords[T][]> {
  const store = await openSqliteStore(databaseOf(root));
  const found = await store.find(table, { service: 'shop' });
  await store.close();
  return found;
}

export async function logged({ root }: Project) {
  const store = await openSqliteStore(databaseOf(root));
  const entries = await store.auditLog();
  await store.close();
  return entries.map((entry) => readEntry(entry)!);
}

export const flat = ({ out }: CliResult): string => out.replace(/\s+/g, ' ');

/** A clock that is so many hours ahead. */
export function clockAhead(hours: number): Clock {
  const now = (): Date => new Date(Date.now() + hours * 3_600_000);
  return { now, zoneAt: () => ({ name: 'UTC', offsetMinutes: 0 }) };
}
