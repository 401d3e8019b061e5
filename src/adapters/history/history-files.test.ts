import fc from 'fast-check';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/git-repository.ts';
import { historyFile, historyPage, readOrError, rowsIn } from '../../../test/support/histories.ts';
import { historyFiles } from './history-files.ts';

afterAll(removeTemporaryFolders);

const header = 'version,deployed_at,outcome';
const line = 'v1.0.0,2026-01-01T10:00:00Z,success';

describe('our own columns', () => {
  const everything = {
    version: 'v1.0.0',
    deployed_at: '2026-01-01T11:00:00+01:00',
    outcome: 'failed',
    deployment: 'first',
    environment: 'staging',
    service: 'shop',
    commit: 'ABCDEF0123',
    committed_at: '2026-01-01T09:00:00Z',
    first_commit_at: '2025-12-31T09:00:00Z',
    recovered_at: '2026-01-01T10:30:00Z',
    reason: 'broke, "badly"\nand again',
    unplanned: true,
    change_size: 120,
    test_coverage: 91.5,
    off_hours: 1,
  };
  const row = {
    version: 'v1.0.0',
    deployment: 'first',
    service: 'shop',
    environment: 'staging',
    outcome: 'failed',
    deployedAt: '2026-01-01T10:00:00.000Z',
    reason: 'broke, "badly"\nand again',
    live: true,
    facts: {
      commit: 'abcdef0123',
      committedAt: '2026-01-01T09:00:00.000Z',
      firstCommitAt: '2025-12-31T09:00:00.000Z',
      recoveredAt: '2026-01-01T10:30:00.000Z',
      unplanned: true,
      features: { change_size: 120, test_coverage: 91.5, off_hours: 1 },
    },
  };

  test('are read from JSON lines', async () => {
    const { rows } = await rowsIn([
      `${JSON.stringify(everything)}\n${JSON.stringify({ ...everything, service: null })}`,
    ]);

    expect(rows[0]).toMatchObject({ ...row, source: 'ndjson', place: { line: 1 } });
    expect(rows[1]).toMatchObject({ service: null, place: { line: 2 } });
  });

  test.each([
    ['commas', ',', '\n'],
    ['semicolons and CRLF', ';', '\r\n'],
    ['tabs', '\t', '\n'],
  ])('are read from CSV with %s', async (_, separator, end) => {
    const cells = Object.values(everything).map((value) => `"${String(value).replaceAll('"', '""')}"`);
    const text = `\ufeff${Object.keys(everything).join(separator)}${end}${cells.join(separator)}${end}`;

    const { rows } = await rowsIn([text]);

    expect(rows).toEqual([{ ...row, source: 'csv', place: { path: expect.any(String), line: 2 } }]);
  });

  test('say nothing where a cell is empty, and the version names the deployment', async () => {
    const { rows } = await rowsIn([`${header},reason,unplanned,change_size\n${line},,,\n`]);

    expect(rows[0]).toMatchObject({ deployment: 'v1.0.0', service: null, environment: null, reason: '', facts: {} });
  });

  test.each([
    ['an unknown outcome', `${header}\nv1,2026-01-01T10:00:00Z,sucess\n`, 'AQE2013', 'did you mean success'],
    ['an unknown column', `${header},outcom\n${line},x\n`, 'AQE2015', 'did you mean outcome'],
    ['a column that is missing', `version,outcome\nv1,success\n`, 'AQE2015', 'no column deployed_at'],
    ['a column twice', `${header},version\n${line},v1\n`, 'AQE2014', 'version is there twice'],
    ['a time without zone', `${header}\nv1,2026-01-01T10:00:00,success\n`, 'AQE2013', 'with its zone'],
    ['a day that is none', `${header}\nv1,2026-02-30T10:00:00Z,success\n`, 'AQE2013', '2026-02-30'],
    ['an empty version', `${header}\n,2026-01-01T10:00:00Z,success\n`, 'AQE2013', 'version is missing'],
    ['a NUL', `${header}\nv\0,2026-01-01T10:00:00Z,success\n`, 'AQE2013', 'control character'],
    ['too few fields', `${header}\nv1,2026-01-01T10:00:00Z\n`, 'AQE2014', '2 fields'],
    ['too many fields', `${header}\n${line},x\n`, 'AQE2014', '4 fields'],
    ['a share above 1', `${header},fix_share\n${line},1.5\n`, 'AQE2013', 'fix_share is not between 0 and 1'],
    ['a number that is none', `${header},change_size\n${line},NaN\n`, 'AQE2013', 'change_size is no number'],
    ['a huge number', `${header},change_size\n${line},${'9'.repeat(400)}\n`, 'AQE2013', 'change_size is no number'],
    ['a commit that is none', `${header},commit\n${line},--all\n`, 'AQE2013', 'no commit id'],
    ['an open quote', `${header}\n"v1,2026-01-01T10:00:00Z,success\n`, 'AQE2014', 'does not end'],
    ['a last line that is cut short', `${header}\n${line}`, 'AQE2014', 'no line break'],
    ['a column of a prototype', `${header},__proto__\n${line},x\n`, 'AQE2015', '__proto__'],
    ['a wrong JSON type', '{"version":1,"deployed_at":"x","outcome":"success"}', 'AQE2014', 'version'],
    ['an unknown JSON key', '{"version":"v1","outcome":"success","deployd_at":"x"}', 'AQE2014', 'deployd_at'],
    [
      'half a character',
      '{"version":"v\\ud800","outcome":"success","deployed_at":"2026-01-01T10:00:00Z"}',
      'AQE2013',
      'half',
    ],
    [
      'a number JSON cannot hold',
      '{"version":"v1","outcome":"success","deployed_at":"2026-01-01T10:00:00Z","change_size":1e999}',
      'AQE2014',
      'change_size',
    ],
    [
      'a broken line',
      '{"version":"v1","outcome":"success","deployed_at":"2026-01-01T10:00:00Z"}\nx\n',
      'AQE2014',
      'between the JSON values',
    ],
  ])('with %s are refused with their line', async (_, text, code, detail) => {
    const { error } = await readOrError(text);

    expect(error).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  test('name the line of the mistake', async () => {
    const text = `${header}\n${line}\n"v2",2026-01-02T10:00:00Z,"success"\nv3,soon,success\n`;

    expect((await readOrError(text)).error).toMatchObject({ code: 'AQE2013', line: 4 });
  });
});

describe('a file that no system wrote', () => {
  test.each([
    ['empty', ''],
    ['white space', ' \n\n '],
    ['prose', 'Deployed v1 yesterday.\n'],
    ['a JSON text', '"v1"'],
    ['JSON of something else', '[{"name":"x"}]'],
    ['an open object', '{'],
    ['binary', new Uint8Array([0xff, 0xfe, 0xfd, 0, 1, 2, 0x80])],
    [
      'Latin-1',
      new Uint8Array([...Buffer.from(`${header}\nv1`), 0xe9, ...Buffer.from(',2026-01-01T10:00:00Z,success\n')]),
    ],
    ['deep', '['.repeat(100_000)],
    ['a deep object', `{"version":"v1","outcome":"success","deployed_at":${'['.repeat(5_000)}`],
    ['many columns', `${header},${'x,'.repeat(1_000_000)}\n`],
    ['a long line', `${header}\n${'x'.repeat(3_000_000)}`],
    ['a long JSON text', `{"version":"${'x'.repeat(3_000_000)}","outcome":"success","deployed_at":"x"}`],
    ['a key twice', '{"version":"v1","outcome":"failed","deployed_at":"2026-01-01T10:00:00Z","outcome":"success"}'],
    ['a key in two spellings', '[{"version":"v1","outcome":"failed","deployed_at":"2026-01-01T10:00:00Z","\\u006futcome" : "success"}]'], // prettier-ignore
    ['a status with a key twice', '{"state":"failure","deployment_url":"/deployments/1","created_at":"2026-01-01T10:00:00Z","state":"success"}'], // prettier-ignore
    ['text before the JSON', `{"version":"v1","outcome":"failed","deployed_at":"2026-01-01T10:00:00Z"}\n${'x'.repeat(100_000)}`], // prettier-ignore
  ])('(%s) is refused', async (_, text) => {
    const { error } = await readOrError(text);

    expect(error?.code).toMatch(/^AQE201[345]$/);
  });

  test.each(['nowhere.csv', 'folder', 'dangling'])('(%s) is refused', async (name) => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'folder'));
    symlinkSync('/nonexistent', join(cwd, 'dangling'));
    const chunks = historyFiles(cwd).rows({ files: [name], statuses: [] });
    const reading = (async () => {
      for await (const _ of chunks);
    })();

    await expect(reading).rejects.toMatchObject({ code: 'AQE2014', context: { path: name } });
  });

  test('changes no prototype', async () => {
    const row = '{"version":"v1","outcome":"success","deployed_at":"2026-01-01T10:00:00Z","__proto__":{"live":1}}';

    await readOrError(row);
    await readOrError(
      '[{"id":1,"sha":"abcdef0","ref":"v1","environment":"e","created_at":"2026-01-01T10:00:00Z","__proto__":{"polluted":1}}]',
    );

    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get({}, 'live')).toBeUndefined();
  });
});

const byName = (rows: readonly { readonly deployment: string; readonly outcome: string; readonly version: string }[]) =>
  Object.fromEntries(rows.map(({ deployment, version, outcome }) => [deployment, `${version} ${outcome}`]));

describe('deployments of GitHub', () => {
  const [deployments, statuses] = [historyPage('github/deployments'), historyPage('github/statuses')];

  test('have the outcome that their statuses come to', async () => {
    const { rows, notices } = await rowsIn([deployments, statuses]);

    expect(byName(rows)).toEqual({
      'github/101': 'v1.1.0 success',
      'github/102': 'v1.2.0 success',
      'github/103': 'v1.2.0 success',
      'github/104': 'v1.1.0 success',
      'github/105': 'v1.2.1 failed',
      'github/106': `${'d'.repeat(40)} pending`,
    });
    expect(rows.find(({ deployment }) => deployment === 'github/101')).toMatchObject({
      deployedAt: '2026-02-01T10:01:00.000Z',
      environment: 'production',
      facts: { commit: 'a'.repeat(40) },
      live: true,
    });
    expect(rows.find(({ deployment }) => deployment === 'github/105')?.live).toBe(false);
    expect(notices).toEqual([]);
  });

  test.each([
    [[], 'pending'],
    [['inactive'], 'pending'],
    [['queued'], 'pending'],
    [['success'], 'success'],
    [['success', 'inactive'], 'success'],
    [['in_progress', 'failure'], 'failed'],
    [['error'], 'failed'],
    [['success', 'failure'], 'failed'],
    [['failure', 'success'], 'success'],
    [['success', 'in_progress'], 'pending'],
    [[null], 'pending'],
  ])('with the statuses %j are %s', async (states, outcome) => {
    const nested = states.map((state, index) => ({ id: index + 1, state, created_at: `2026-02-01T10:0${index}:00Z` }));
    const deployment = { id: 7, sha: 'abcdef0', ref: 'v1', environment: 'e', created_at: '2026-02-01T10:00:00Z' };

    const { rows } = await rowsIn([JSON.stringify([{ ...deployment, statuses: nested }])]);

    expect(rows.map((row) => row.outcome)).toEqual([outcome]);
  });

  test('are the same from pages in any order, joined or apart, and on two pages at once', async () => {
    const all = JSON.parse(deployments) as readonly unknown[];
    const pages = [[all.slice(0, 4)], [all.slice(2)]].map((page) => JSON.stringify(page));
    const expected = byName((await rowsIn([deployments, statuses])).rows);

    const readings = [
      [statuses, deployments],
      [deployments + statuses],
      [statuses, ...pages],
      [all.map((each) => JSON.stringify(each)).join('\n'), statuses],
      [deployments, deployments, '[]', statuses],
    ];

    for (const texts of readings) expect(byName((await rowsIn(texts)).rows)).toEqual(expected);
  });

  test('without statuses, and statuses without deployments, are told of', async () => {
    expect((await rowsIn([deployments])).notices.join()).toContain('6 deployments without any status');
    expect((await rowsIn([statuses])).notices.join()).toContain('statuses of 6 deployments that no file has');
  });

  test.each([
    [
      'a state that nobody knows',
      `[{"state":"done","created_at":"2026-02-01T10:00:00Z","deployment_url":"x/deployments/1"}]`,
      'AQE2013',
      '[0].state "done"',
    ],
    [
      'another answer on a second page',
      `${deployments}${deployments.replaceAll('v1.2.1', 'v1.2.2')}`,
      'AQE2013',
      'another page',
    ],
    ['no commit', deployments.replace(/"sha": "c+"/, '"sha": "main"'), 'AQE2013', '[1].sha'],
    ['an id that is no whole number', deployments.replace('"id": 105', '"id": 1e300'), 'AQE2014', '[1] at id'],
    ['a message in place of a page', '{"message":"Not Found","status":"404"}', 'AQE2015', 'none of the keys'],
  ])('with %s are refused with their place', async (_, text, code, detail) => {
    expect((await readOrError(text)).error).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  test('of a ref that names several commits are called by commit', async () => {
    const one = { ref: 'release-2.4', environment: 'e', created_at: '2026-02-01T10:00:00Z' };
    const page = [
      { ...one, id: 1, sha: 'a'.repeat(40) },
      { ...one, id: 2, sha: 'b'.repeat(40) },
    ];

    const { rows } = await rowsIn([JSON.stringify(page)]);

    expect(rows.map(({ version }) => version)).toEqual(['a'.repeat(40), 'b'.repeat(40)]);
  });
});

describe('deployments of GitLab', () => {
  const page = historyPage('gitlab/deployments');

  test('have the outcome of their status; what never began is left out', async () => {
    const { rows, notices } = await rowsIn([page]);

    expect(byName(rows)).toEqual({
      'gitlab/41': 'v1.1.0 success',
      'gitlab/42': 'v1.2.0 success',
      'gitlab/43': 'v1.2.1 failed',
      'gitlab/44': 'v1.1.0 success',
      'gitlab/47': `${'f'.repeat(40)} pending`,
    });
    expect(rows[0]).toMatchObject({
      deployedAt: '2026-02-01T10:01:30.500Z',
      environment: 'production',
      facts: { commit: 'a'.repeat(40), committedAt: '2026-01-31T18:00:00.000Z' },
    });
    expect(notices).toEqual([expect.stringContaining('2 deployments')]);
  });

  test('with a status that nobody knows, or that ended before they began, are refused', async () => {
    const unknown = await readOrError(
      page
        .replace('"status": "failed", "user"', '"status": "lost", "user"')
        .replace(/"status": "failed"/, '"status": "lost"'),
    );
    const backwards = await readOrError(
      page.replace('"finished_at": "2026-02-02T10:01:00.000Z"', '"finished_at": "2026-02-01T10:01:00.000Z"'),
    );

    expect(unknown.error).toMatchObject({ code: 'AQE2013', detail: expect.stringContaining('"lost"') });
    expect(backwards.error).toMatchObject({ code: 'AQE2013', detail: expect.stringContaining('ended before') });
  });
});

describe('a file that is cut anywhere', () => {
  const cells = fc.record({
    version: fc.stringMatching(/^v[0-9]{1,3}$/),
    reason: fc.constantFrom('', 'a, b', 'line\nbreak', '"quoted"', 'größe 🎈'),
    size: fc.integer({ min: 0, max: 99_999 }),
  });
  const rowsOf = fc.uniqueArray(cells, { minLength: 1, maxLength: 6, selector: ({ version }) => version });
  const quote = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const writers = {
    csv: (rows: readonly { version: string; reason: string; size: number }[]) =>
      `${header},reason,change_size\n${rows.map(({ version, reason, size }) => `${version},2026-01-01T10:00:00Z,success,${quote(reason)},${size}\n`).join('')}`,
    ndjson: (rows: readonly { version: string; reason: string; size: number }[]) =>
      rows
        .map(
          ({ version, reason, size }) =>
            `${JSON.stringify({ version, outcome: 'success', deployed_at: '2026-01-01T10:00:00Z', reason, change_size: size })}\n`,
        )
        .join(''),
    gitlab: (rows: readonly { version: string; reason: string; size: number }[]) =>
      JSON.stringify(
        rows.map(({ version, size }, id) => ({
          id,
          status: 'success',
          sha: `${size}`.padStart(40, 'a'),
          ref: version,
          created_at: '2026-01-01T10:00:00Z',
          environment: { name: 'e' },
        })),
      ),
  } as const;

  test.each(['csv', 'ndjson', 'gitlab'] as const)('gives an error or whole rows of its start (%s)', async (format) => {
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.double({ min: 0, max: 1, noNaN: true }), async (made, share) => {
        const bytes = Buffer.from(writers[format](made));
        const cut = bytes.subarray(0, Math.floor(share * bytes.length));

        const whole = await readOrError(bytes);
        const part = await readOrError(cut);

        expect(whole.rows).toHaveLength(made.length);
        if (part.rows !== null) expect(part.rows).toEqual(whole.rows!.slice(0, part.rows.length));
        // One value is whole or nothing.
        if (format === 'gitlab' && cut.length < bytes.length) expect(part.rows).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});

test('a file of many pieces is read as one', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `v${index},2026-01-01T10:00:00Z,success,größe 🎈\n`);
  const files = [historyFile(`${header},reason\n${rows.join('')}`)];
  let count = 0;
  let largest = 0;

  for await (const chunk of historyFiles('/').rows({ files, statuses: [] })) {
    count += chunk.rows.length;
    largest = Math.max(largest, chunk.rows.length);
    for (const { reason } of chunk.rows) if (reason !== 'größe 🎈') throw new Error(reason);
  }

  expect(count).toBe(20_000);
  expect(largest).toBeLessThan(5_000);
});
