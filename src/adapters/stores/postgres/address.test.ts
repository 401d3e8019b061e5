import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { postgresAddress } from './address.ts';

const errorOf = (url: string): AqeError => {
  try {
    postgresAddress(url);
  } catch (error) {
    if (error instanceof AqeError) return error;
    throw error;
  }
  throw new Error(`${url} is usable`);
};

test('a URL names host, port, database, user and password', () => {
  const address = postgresAddress('postgres://ada:p%40ss@db.example.test:6432/state');

  expect(address).toMatchObject({ host: 'db.example.test', port: 6432, database: 'state', user: 'ada' });
  expect(address.password).toBe('p@ss');
  expect(address.place).toBe('postgres://ada@db.example.test:6432/state');
});

test('without host, port and user it is the local server, and no name of another one', () => {
  const address = postgresAddress('postgresql:///state');

  expect(address).toMatchObject({ host: 'localhost', port: 5432, user: undefined, password: undefined, tls: null });
  expect(address.place).toBe('postgres://localhost:5432/state');
});

test.each([
  ['postgres://[::1]/state', '::1', 'postgres://[::1]:5432/state'],
  ['postgres://%2Frun%2Fpostgresql/state', '/run/postgresql', 'postgres://%2Frun%2Fpostgresql:5432/state'],
  ['postgres:///state?host=/run/postgresql', '/run/postgresql', 'postgres://%2Frun%2Fpostgresql:5432/state'],
])('%s is the host %s', (url, host, place) => {
  expect(postgresAddress(url)).toMatchObject({ host, place, tls: null });
});

test('options of the session are part of the place: they may name another schema', () => {
  const { place, options } = postgresAddress('postgres://ada:s@h/state?options=-c%20search_path%3Da&sslmode=disable');

  expect(options).toBe('-c search_path=a');
  expect(place).toBe('postgres://ada@h:5432/state?options=-c%20search_path%3Da');
});

const none = { rootCertificate: undefined, certificate: undefined, key: undefined };

test.each([
  ['postgres://db.example.test/state', { verify: true, ...none }],
  ['postgres://10.0.0.7/state', { verify: true, ...none }],
  ['postgres://db.example.test/state?sslmode=disable', null],
  ['postgres://db.example.test/state?sslmode=no-verify', { verify: false, ...none }],
  ['postgres://db.example.test/state?sslmode=require', { verify: true, ...none }],
  ['postgres://localhost/state', null],
  ['postgres://127.0.0.1/state', null],
  ['postgres://127.0.0.1.example.test/state', { verify: true, ...none }],
  [
    'postgres://localhost/state?sslmode=verify-full&sslrootcert=ca.pem',
    { verify: true, ...none, rootCertificate: 'ca.pem' },
  ],
])('%s is encrypted as it says, and checked unless it says otherwise', (url, tls) => {
  expect(postgresAddress(url).tls).toEqual(tls);
});

test.each([
  ['mysql://u:g3heim@h/d', 'mysql:'],
  ['sqlite:state.db?g3heim', 'sqlite:'],
  ['/var/lib/g3heim.db', 'no URL'],
  ['postgres://u:g3heim@h:port/d', 'no URL'],
  ['postgres://u:g3h%zzeim@h/d', 'password has a %'],
  ['postgres://u:g3heim@h', 'no database'],
  ['postgres://u:g3heim@h/a/b', 'a path'],
  ['postgres://u:g3heim@h/d?sslmode=prefer', 'prefer'],
  ['postgres://u:g3heim@h/d?sslmod=disable', 'did you mean sslmode'],
  ['postgres://u@h/d?password=g3heim', 'no setting password'],
  ['postgres://u:g3heim@h/d?sslmode=', 'empty or given twice'],
  ['postgres://u:g3heim@h/d?sslmode=disable&sslmode=require', 'empty or given twice'],
  ['postgres://u:g3heim@h/d?sslmode=disable&sslcert=c.pem', 'not encrypted'],
])('%s is refused and nothing secret is repeated', (url, words) => {
  const error = errorOf(url);

  expect([error.code, error.detail]).toEqual(['AQE1009', expect.stringContaining(words)]);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('g3heim');
});
