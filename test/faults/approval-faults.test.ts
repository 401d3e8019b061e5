import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { aqe, databaseOf, json } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { project } from '../support/project.ts';
import {
  countCalls,
  hasStrace,
  withFault,
  writes,
  type Fault,
  type FaultyRun,
  type WriteCall,
} from '../support/strace.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const config = `service: shop
people: { cto@example.com: { name: CTO } }
roles: { CTO: [cto@example.com] }
approvals: { allow_unverified: true }
`;
const words = ['--version', 'v2.5.0', '--approver', 'cto@example.com', '--justification', 'nobody can pay any more'];
const command = [process.execPath, main, 'deploy', 'emergency-approve', ...words];
const env = { NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: '', HOME: '/nonexistent' };

interface Point {
  readonly call: WriteCall;
  readonly nth: number;
  readonly fault: Fault;
  readonly andAllLater?: boolean;
}

let template: string;
let calls: ReadonlyMap<WriteCall, number>;

const statesOf = (root: string): readonly string[] =>
  ['deploy.db', 'deploy.db-wal', 'deploy.db-journal', 'audit-checkpoints.jsonl', 'audit-spool.jsonl'].map((name) =>
    join(root, '.agentic-qe', name),
  );

function copyOfTemplate(): string {
  const root = temporaryFolder();
  cpSync(template, root, { recursive: true });
  return root;
}

/** How many of each the state database holds, and what it finds wrong with itself. */
async function held(root: string) {
  const store = await openSqliteStore(databaseOf(root));
  try {
    const of = { service: 'shop' };
    const [approvals, reviews, messages] = await Promise.all([
      store.find('approvals', of),
      store.find('reviews', of),
      store.find('messages', of),
    ]);
    const told = (await store.auditLog()).filter(({ body }) => body.includes('"emergency.approved"'));
    const faults = await store.check();
    return { counts: [approvals.length, reviews.length, messages.length, told.length], faults };
  } finally {
    await store.close();
  }
}

describe.skipIf(!hasStrace())('an emergency approval whose n-th write on the disk goes wrong', () => {
  beforeAll(async () => {
    const { root } = project({ config, audit: { critical: 1 } });
    expect((await aqe(root, ['assess', '--version', 'v2.5.0'])).code).toBe(1);
    template = root;
    const counted = copyOfTemplate();
    calls = await countCalls(command, statesOf(counted), { cwd: counted, env });
  }, 60_000);

  afterAll(removeTemporaryFolders, 60_000);

  test('writes in more than 30 places', () => {
    expect([...calls.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(30);
  });

  async function run(point: Point): Promise<FaultyRun & Awaited<ReturnType<typeof held>>> {
    const root = copyOfTemplate();
    const outcome = await withFault(command, statesOf(root), point, { cwd: root, env });
    const found = await held(root);
    const where = { point, output: outcome.output.slice(-2000) };

    // Nothing half: the approval, its review, its message and its audit entry stand together or not at all.
    expect({ ...where, counts: found.counts, faults: found.faults }).toEqual({
      ...where,
      counts: Array.from({ length: 4 }, () => found.counts[0]),
      faults: [],
    });
    // What was acknowledged is there; whatever failed said so.
    if (outcome.code === 0) expect({ ...where, approvals: found.counts[0] }).toEqual({ ...where, approvals: 1 });
    else if (point.fault !== 'SIGKILL') expect({ ...where, code: outcome.code }).toEqual({ ...where, code: 2 });

    // The next one goes well, and the log is whole.
    const again = await aqe(root, ['emergency-approve', ...words]);
    const verified = await aqe(root, ['audit', 'verify', '--json']);
    expect({
      ...where,
      again: again.code,
      verified: verified.code,
      out: verified.code === 0 ? '' : verified.out,
    }).toEqual({
      ...where,
      again: 0,
      verified: 0,
      out: '',
    });
    expect(json<{ schemaVersion: string }>(verified).schemaVersion).toBe('1');
    rmSync(root, { recursive: true });
    return { ...outcome, ...found };
  }

  /** Every place, for a kill and for each error; every second error stays. More than a hundred in all. */
  function pointsOf(): readonly Point[] {
    const places = writes.flatMap((call) =>
      Array.from({ length: calls.get(call) ?? 0 }, (_, index) => ({ call, nth: index + 1 })),
    );
    return [
      ...places.map((place) => ({ ...place, fault: 'SIGKILL' as const })),
      ...places.map((place, index) => ({ ...place, fault: 'ENOSPC' as const, andAllLater: index % 2 === 0 })),
      ...places.map((place, index) => ({ ...place, fault: 'EIO' as const, andAllLater: index % 2 === 1 })),
    ];
  }

  test('leaves nothing half and no broken chain, wherever it is', async () => {
    const queue = [...pointsOf()];
    const outcomes: FaultyRun[] = [];
    const work = async (): Promise<void> => {
      for (let point = queue.shift(); point !== undefined; point = queue.shift()) outcomes.push(await run(point));
    };

    await Promise.all([work(), work()]);

    const injected = outcomes.filter((outcome) => outcome.injected);
    process.stdout.write(
      `${injected.length} faults injected in emergency-approve: ${injected.filter(({ code }) => code === null || code === 137).length} kills, the rest errors\n`,
    );
    expect(injected.length).toBeGreaterThanOrEqual(100);
  }, 600_000);
});
