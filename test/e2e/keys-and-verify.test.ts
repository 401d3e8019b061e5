import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { verifyStatement } from '../../src/app/verify-statement.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import { openTrust } from '../../src/wiring/trust.ts';
import {
  commit,
  expectation,
  first,
  pems,
  second,
  signed,
  signedSummary,
  statedAssessment,
} from '../support/attest.ts';
import { aqe, aqeWith, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';

afterAll(removeTemporaryFolders);

const asked = ['--digest', `gitCommit:${commit}`, '--service', 'shop'];

/** A folder with a signed decision and the key that it is trusted by. */
function folder(text = `${signedSummary()}\n`): string {
  const root = temporaryFolder();
  writeFileSync(join(root, 'decision.json'), text);
  writeFileSync(join(root, 'ours.pub'), `${first.publicKey}\n`);
  return root;
}

const verify = (root: string, ...flags: readonly string[]): Promise<CliResult> =>
  aqe(root, ['verify', 'decision.json', ...flags]);

describe('keys', () => {
  test('init makes a key and prints the config entry that ties it to a person', async () => {
    const root = temporaryFolder();
    const env = { XDG_CONFIG_HOME: join(root, 'cfg') };

    const { code, out, err } = await aqe(root, ['keys', 'init', '--name', 'ada@example.com'], { env });

    const { config } = await parseConfig('aqe-deploy.yaml', out.split('\n\n')[0]!);
    const path = join(root, 'cfg/aqe-deploy/identity.pem');
    const key = /key: (\S+)/.exec(out)?.[1] ?? '';
    expect(code).toBe(0);
    expect(config).toEqual({ people: { 'ada@example.com': { key } } });
    expect(out.trimEnd().split('\n').at(-1)).toBe(key);
    expect(err).toContain(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('init leaves a key that is there as it is', async () => {
    const root = temporaryFolder();
    const init = (): Promise<CliResult> => aqe(root, ['keys', 'init', '--output', 'mine.pem']);

    await init();
    const before = readFileSync(join(root, 'mine.pem'), 'utf8');
    const { code, err } = await init();

    expect(code).toBe(2);
    expect(err).toContain('AQE1006');
    expect(readFileSync(join(root, 'mine.pem'), 'utf8')).toBe(before);
  });

  test('init takes an e-mail address', async () => {
    const { code, err } = await aqe(temporaryFolder(), ['keys', 'init', '--name', 'Ada', '--output', 'x.pem']);

    expect([code, err.includes('AQE1002')]).toEqual([2, true]);
  });

  test('show prints public halves and never the private one', async () => {
    const root = temporaryFolder();
    const env = { AQE_KEY: pems.first, AQE_SYSTEM_KEY: pems.second };
    const half = ({ keyId, publicKey }: typeof first, path: string): object => ({ keyId, publicKey, path });

    const text = await aqe(root, ['keys', 'show'], { env });
    const data = await aqe(root, ['keys', 'show', '--json'], { env });

    expect(json(data)).toEqual({
      schemaVersion: '1',
      personal: half(first, 'AQE_KEY'),
      system: half(second, 'AQE_SYSTEM_KEY'),
    });
    expect(text.out).toContain(first.publicKey);
    const secret = pems.first.split('\n')[1]!;
    expect([text.out, text.err, data.out, data.err].filter((each) => each.includes(secret))).toEqual([]);
  });

  test('show says so where there is no key, and makes none', async () => {
    const root = temporaryFolder();

    const { code, err } = await aqe(root, ['keys', 'show'], { env: { XDG_CONFIG_HOME: root } });

    expect([code, err.includes('AQE3010')]).toEqual([2, true]);
  });

  test('rotate gives the project a new key, and what the old one signed is still trusted there', async () => {
    const root = folder();
    mkdirSync(join(root, '.agentic-qe/keys'), { recursive: true });
    writeFileSync(join(root, '.agentic-qe/keys/system.pem'), pems.first, { mode: 0o600 });

    const { code, out } = await aqe(root, ['keys', 'rotate']);
    const after = await verify(root, ...asked);
    const log = await aqe(root, ['audit', 'verify']);

    expect(code).toBe(0);
    expect(out).toContain(`old key ${first.keyId}`);
    expect(out).toMatch(/^new key [0-9a-f]{64}$/m);
    expect(after.code).toBe(0);
    expect(log.code).toBe(0);
    expect(log.out).not.toContain('was begun');
  });
});

describe('verify', () => {
  test('says of each of the seven checks that it holds', async () => {
    const { code, out } = await verify(folder(), ...asked, '--key', 'ours.pub');

    expect(code).toBe(0);
    expect(out.match(/^✔/gm)).toHaveLength(7);
    expect(out).not.toContain('✖');
  });

  test('lists the checks as JSON, with the statement', async () => {
    const { code, out } = await verify(folder(), ...asked, '--key', first.publicKey, '--json');

    const result = json<{
      verified: boolean;
      checks: { check: string; holds: boolean }[];
      statement: object;
      trusted: object;
    }>({ out });
    expect(code).toBe(0);
    expect(result.verified).toBe(true);
    expect(result.checks.map(({ check }) => check)).toEqual([
      'signature',
      'subject',
      'predicate-type',
      'verifier',
      'resource',
      'result',
      'levels',
    ]);
    expect(result.trusted).toEqual({ from: 'asked', keyIds: [first.keyId] });
    expect(result.statement).toMatchObject({ predicateType: 'https://slsa.dev/verification_summary/v1' });
  });

  test.each([
    ['another commit', ['--digest', `gitCommit:${'b'.repeat(40)}`, '--service', 'shop']],
    ['another environment', [...asked, '--environment', 'staging']],
    ['another service', ['--digest', `gitCommit:${commit}`, '--service', 'billing']],
    ['another resource', ['--digest', `gitCommit:${commit}`, '--resource-uri', 'pkg:oci/shop']],
    ['a region', [...asked, '--region', 'eu']],
    ['another verifier', [...asked, '--verifier', 'https://example.com/other']],
    ['another policy', [...asked, '--policy-digest', `sha256:${'9'.repeat(64)}`]],
    ['other levels', [...asked, '--level', 'AQE_GATE_PASSED,AQE_RISK_MEDIUM']],
    ['a day', [...asked, '--max-age', '1d']],
  ])('fails where %s is asked for', async (_, flags) => {
    const clock = { ...systemClock, now: () => new Date('2026-03-09T08:00:00Z') };

    const { code, out } = await aqeWith({ clock }, folder(), [
      'verify',
      'decision.json',
      '--key',
      'ours.pub',
      ...flags,
    ]);

    expect(code).toBe(1);
    expect(out.match(/^✖/gm)).toHaveLength(1);
  });

  test('holds for all that can be asked for at once', async () => {
    const clock = { ...systemClock, now: () => new Date('2026-03-02T09:00:00Z') };
    const flags = ['--policy-digest', '3'.repeat(64), '--level', 'AQE_GATE_PASSED,AQE_RISK_LOW', '--max-age', '24h'];

    const { code, out } = await aqeWith({ clock }, folder(), [
      'verify',
      'decision.json',
      '--keys',
      '.',
      ...asked,
      ...flags,
    ]);

    expect(code).toBe(0);
    expect(out.match(/^✔/gm)).toHaveLength(9);
  });

  test.each([
    ['no digest', ['--service', 'shop', '--key', 'ours.pub'], 'AQE1002'],
    [
      'a digest of another kind',
      ['--digest', `md5:${'a'.repeat(32)}`, '--service', 'shop', '--key', 'ours.pub'],
      'AQE1002',
    ],
    ['no resource', ['--digest', `gitCommit:${commit}`, '--key', 'ours.pub'], 'AQE1002'],
    ['two resources', [...asked, '--resource-uri', 'x', '--key', 'ours.pub'], 'AQE1002'],
    ['an age that is none', [...asked, '--max-age', 'long', '--key', 'ours.pub'], 'AQE1002'],
    [
      'a policy digest of another kind',
      [...asked, '--policy-digest', `gitCommit:${commit}`, '--key', 'ours.pub'],
      'AQE1002',
    ],
    ['no key', asked, 'AQE3013'],
    ['a key file that is not there', [...asked, '--key', 'nope.pub'], 'AQE3010'],
    ['a file that is no key', [...asked, '--key', 'decision.json'], 'AQE3010'],
    ['a folder without keys', [...asked, '--keys', 'empty'], 'AQE3010'],
  ])('with %s nothing is verified and the status is 2', async (_, flags, error) => {
    const root = folder();
    mkdirSync(join(root, 'empty'));

    const { code, out, err } = await verify(root, ...flags);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(error);
  });

  test.each([
    ['nothing', ''],
    ['another form', JSON.stringify(JSON.parse(signedSummary()), null, 2)],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['a byte order mark', `\ufeff${signedSummary()}`],
  ])('a file with %s is not readable', async (_, content) => {
    const root = folder();
    writeFileSync(join(root, 'decision.json'), content);

    const { code, err } = await verify(root, ...asked, '--key', 'ours.pub');

    expect([code, err.includes('AQE3011'), err.includes('decision.json')]).toEqual([2, true, true]);
  });

  test('a folder or a file that is not there is not readable', async () => {
    const root = folder();

    const codes = await Promise.all(
      ['.', 'nope.json'].map(async (file) => (await aqe(root, ['verify', file, ...asked, '--key', 'ours.pub'])).err),
    );

    expect(codes.every((err) => err.includes('AQE3011'))).toBe(true);
  });

  test('the key beside the decision proves nothing if another one is asked for', async () => {
    const { code, out } = await verify(folder(), ...asked, '--key', second.publicKey);

    expect(code).toBe(1);
    expect(out.match(/^✖/gm)).toHaveLength(7);
  });

  test('a key that is pinned to one verifier signs for no other', async () => {
    const root = folder();
    writeFileSync(join(root, 'pinned.pub'), `${first.publicKey} https://example.com/ci\n`);

    const byDefault = await verify(root, ...asked, '--key', 'pinned.pub');
    const other = await verify(
      root,
      ...asked,
      '--key',
      'pinned.pub',
      '--verifier',
      'https://aqe-deploy.dev/verifier/v1',
    );

    expect([byDefault.code, other.code]).toEqual([1, 2]);
    expect(byDefault.out).toContain('the key may sign for https://example.com/ci');
    expect(other.err).toContain('AQE3013');
  });

  test('an overridden release is verified only where overrides are accepted', async () => {
    const assessment = statedAssessment({ decision: 'BLOCKED', status: 'BLOCKED' });
    const blocked = folder(signedSummary({ assessment }));

    expect((await verify(blocked, ...asked, '--key', 'ours.pub')).code).toBe(1);
  });

  test('what a signed text says cannot command the terminal', async () => {
    const statement = {
      _type: '\u001b[2J\u202e',
      subject: [{ digest: { gitCommit: '\u001b]0;x\u0007' } }],
      predicateType: 'x',
    };

    const { code, out } = await verify(folder(signed(statement)), ...asked, '--key', 'ours.pub');

    expect(code).toBe(1);
    // oxlint-disable-next-line no-control-regex -- it is what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  });

  test('a file with one bit flipped, in whichever byte, is not verified', async () => {
    const bytes = Buffer.from(`${signedSummary()}\n`);
    const root = temporaryFolder();
    const { keys, check, clock } = openTrust(root, {});
    const decode = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const request = {
      ...expectation,
      file: 'decision.json',
      keys: [first.publicKey],
      keyFolder: null,
      project: null,
      verifier: null,
    };
    const outcome = async (content: Uint8Array): Promise<string> => {
      let text: string;
      try {
        text = decode.decode(content);
      } catch {
        return 'unreadable';
      }
      const envelopes = { read: (): Promise<string> => Promise.resolve(text) };
      try {
        return (await verifyStatement({ keys, check, clock, envelopes }, request)).verified ? 'verified' : 'refused';
      } catch (error) {
        if (error instanceof AqeError && error.code === 'AQE3011') return 'unreadable';
        throw error;
      }
    };
    const counts = new Map<string, number>();

    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      const result = await outcome(flipped);
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }

    expect(await outcome(bytes)).toBe('verified');
    expect([...counts.keys()].sort()).toEqual(['refused', 'unreadable']);
    expect([...counts.values()].reduce((a, b) => a + b, 0)).toBe(bytes.length);
    expect(bytes.length).toBeGreaterThan(1000);
  });

  test('a few flips through the whole command are not verified either', async () => {
    const text = `${signedSummary()}\n`;
    const places = [
      0,
      20,
      60,
      61,
      400,
      text.indexOf('keyid') + 12,
      text.indexOf('"sig"') + 20,
      text.length - 5,
      text.length - 1,
    ];

    const codes = await Promise.all(
      places.map(async (at) => {
        const bytes = Buffer.from(text);
        bytes[at]! ^= 1;
        const root = folder();
        writeFileSync(join(root, 'decision.json'), bytes);
        return (await verify(root, ...asked, '--key', 'ours.pub')).code;
      }),
    );

    expect(codes.filter((code) => code !== 1 && code !== 2)).toEqual([]);
  });
});
