import { afterAll, expect, test } from 'vitest';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { unsafeIn } from '../support/hostile.ts';
import { emptyProject } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const config = `service: shop
freezes:
  - name: Year end
    environments: [production]
    zone: Europe/Berlin
    start: 2026-12-20T00:00
    end: 2027-01-05T00:00
    reason: nobody is here to roll back
  - name: Black Friday
    regions: [us-east]
    zone: America/New_York
    start: 2026-11-26T00:00
    duration: 5d
    rrule: FREQ=YEARLY;BYMONTH=11;BYDAY=4TH
`;

function freezes(flags: readonly string[], text = config): Promise<CliResult> {
  const made = emptyProject();
  made.write('aqe-deploy.yaml', text);
  return aqe(made.root, ['deploy', 'freezes', ...flags]);
}

test('exit 4 while frozen, with both times', async () => {
  const { code, out } = await freezes(['--at', '2026-12-24T18:00+01:00', '--count', '0']);

  expect(code).toBe(4);
  expect(out).toContain('Changes of shop in production: FROZEN at 2026-12-24T17:00:00Z');
  expect(out).toContain('Year end: until 2027-01-05 00:00 +01:00 Europe/Berlin = 2027-01-04T23:00:00Z');
  expect(out).toContain('nobody is here to roll back');
});

test.each([
  ['the second before', ['--at', '2026-12-19T22:59:59Z'], 0],
  ['the first second', ['--at', '2026-12-20T00:00:00+01:00'], 4],
  ['the first second after', ['--at', '2027-01-04T23:00Z'], 0],
  ['another environment', ['--at', '2026-12-24T18:00Z', '--environment', 'staging'], 0],
  ['a release that names no region and goes to all', ['--at', '2026-11-27T12:00Z'], 4],
  ['the region of the freeze', ['--at', '2026-11-27T12:00Z', '--region', 'us-east'], 4],
  ['another region', ['--at', '2026-11-27T12:00Z', '--region', 'eu-west'], 0],
  ['no freeze in the policy', ['--at', '2026-12-24T18:00Z', '--environment', 'test'], 0],
] as const)('%s', async (_, flags, code) => {
  expect((await freezes(flags)).code).toBe(code);
});

test('JSON has what holds and what is to come', async () => {
  const result = await freezes(['--at', '2026-11-27T12:00Z', '--region', 'us-east', '--count', '1', '--json']);

  expect(result.code).toBe(4);
  expect(json(result)).toEqual({
    schemaVersion: '1',
    service: 'shop',
    environment: 'production',
    region: 'us-east',
    at: '2026-11-27T12:00:00.000Z',
    frozen: true,
    active: [
      {
        name: 'Black Friday',
        reason: '',
        zone: 'America/New_York',
        from: '2026-11-26T05:00:00.000Z',
        until: '2026-12-01T05:00:00.000Z',
        regions: ['us-east'],
      },
    ],
    upcoming: [
      {
        name: 'Year end',
        reason: 'nobody is here to roll back',
        zone: 'Europe/Berlin',
        from: '2026-12-19T23:00:00.000Z',
        until: '2027-01-04T23:00:00.000Z',
        regions: null,
      },
    ],
  });
});

test.each([
  ['a time without a zone', ['--at', '2026-12-24T18:00']],
  ['a day that does not exist', ['--at', '2026-02-30T18:00Z']],
  ['words', ['--at', 'tomorrow']],
  ['a count that is none', ['--count', 'many']],
  ['a count out of range', ['--count', '101']],
])('%s is a mistake on the command line', async (_, flags) => {
  const { code, out, err } = await freezes(flags);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('AQE1002');
});

test('a rule that cannot be used is an error, never a yes', async () => {
  const { code, out, err } = await freezes([], config.replace('Europe/Berlin', 'Europe/Atlantis'));

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/AQE\d{4}.*\n?.*Europe\/Atlantis/);
});

test('texts of the config are encoded', async () => {
  const hostile = config
    .replace('Year end', '"Year \\u001b[2J\\u202eend"')
    .replace('nobody is here', '"nobody\\u001b]0;x\\u0007"')
    .replace(' to roll back', '');

  const { code, out, err } = await freezes(['--at', '2026-12-24T18:00Z'], hostile);

  expect(code).toBe(4);
  expect(out).toContain(String.raw`Year \u{1b}[2J\u{202e}end`);
  expect(unsafeIn(out)).toEqual([]);
  expect(unsafeIn(err)).toEqual([]);
});
