import { isIP } from 'node:net';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { nearest } from '../../../core/error/nearest.ts';

export interface TlsSettings {
  /** Whether the certificate must be good for the host. */
  readonly verify: boolean;
  /** Files in PEM form. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** Where a PostgreSQL database is and how it is spoken to. */
export interface PostgresAddress {
  /** The URL without its password and most settings, for messages. */
  readonly place: string;
  /** Name or address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Absent: PGUSER or the user of the operating system. */
  readonly user: string | undefined;
  /** Absent: PGPASSWORD or ~/.pgpass. */
  readonly password: string | undefined;
  /** Null: the connection is not encrypted. */
  readonly tls: TlsSettings | null;
  /** Settings for the session, as `psql` takes them in PGOPTIONS. */
  readonly options: string | undefined;
}

const modes = ['disable', 'no-verify', 'require', 'verify-full'] as const;
const settings = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'options', 'host'] as const;
type Setting = (typeof settings)[number];

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`. A connection to another machine is encrypted and its
 * certificate checked unless `sslmode` says otherwise: nothing falls back to less by itself.
 * @throws AqeError AQE1009, without the password.
 */
export function postgresAddress(text: string): PostgresAddress {
  // A URL that is no URL stands with its password in the error of the parser: neither is shown.
  if (!URL.canParse(text)) throw unusable('it is no URL; a password has characters that a URL must escape (%40 for @)');
  const url = new URL(text);
  if (!/^postgres(?:ql)?:$/.test(url.protocol)) throw unusable(`its scheme is ${url.protocol} instead of postgres:`);
  const given = settingsOf(url);
  const host = given.get('host') ?? (decoded(url.hostname, 'host').replace(/^\[(.+)\]$/, '$1') || 'localhost');
  const database = decoded(url.pathname.slice(1), 'database');
  if (database === '') throw unusable('it names no database: postgres://user@host/database');
  if (database.includes('/')) throw unusable('it names a path where a database should be');
  const user = decoded(url.username, 'user') || undefined;
  const port = url.port === '' ? 5432 : Number(url.port);
  return {
    place: placeOf(user, host, port, database, given.get('options')),
    host,
    port,
    database,
    user,
    password: decoded(url.password, 'password') || undefined,
    tls: tlsOf(given, host),
    options: given.get('options'),
  };
}

function settingsOf(url: URL): ReadonlyMap<Setting, string> {
  const given = new Map<Setting, string>();
  for (const [name, value] of url.searchParams) {
    const setting = settings.find((each) => each === name);
    if (setting === undefined) {
      const guess = nearest(name, settings);
      throw unusable(
        `there is no setting ${name}${guess ? `; did you mean ${guess}?` : `, only ${settings.join(', ')}`}`,
      );
    }
    if (value === '' || given.has(setting)) throw unusable(`its setting ${name} is empty or given twice`);
    given.set(setting, value);
  }
  return given;
}

function tlsOf(given: ReadonlyMap<Setting, string>, host: string): TlsSettings | null {
  const mode = given.get('sslmode') ?? (isLocal(host) ? 'disable' : 'verify-full');
  if (!modes.some((each) => each === mode))
    throw unusable(`sslmode is ${mode}; it can be ${modes.join(', ')}, and nothing that falls back by itself`);
  const certificates = {
    rootCertificate: given.get('sslrootcert'),
    certificate: given.get('sslcert'),
    key: given.get('sslkey'),
  };
  if (mode !== 'disable') return { verify: mode !== 'no-verify', ...certificates };
  if (Object.values(certificates).some((each) => each !== undefined))
    throw unusable('it names certificates for a connection that is not encrypted');
  return null;
}

function isLocal(host: string): boolean {
  return (
    host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  );
}

function placeOf(
  user: string | undefined,
  host: string,
  port: number,
  database: string,
  options: string | undefined,
): string {
  const shown = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  const who = user === undefined ? '' : `${encodeURIComponent(user)}@`;
  // They may name the schema, and with it another store.
  const session = options === undefined ? '' : `?options=${encodeURIComponent(options)}`;
  return `postgres://${who}${shown}:${port}/${encodeURIComponent(database)}${session}`;
}

function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unusable(`its ${part} has a % that starts no escape`);
  }
}

function unusable(detail: string): AqeError {
  return new AqeError('AQE1009', detail);
}
