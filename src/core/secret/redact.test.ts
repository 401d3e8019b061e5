import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formsOf, plantedSecrets } from '../../../test/support/secrets.ts';
import { inline, markdownText } from '../report/encode.ts';
import { redactDeep, redacted, redactor } from './redact.ts';

const redact = redactor([]);
const planted = plantedSecrets('redact.test');

const surroundings: readonly (readonly [string, (text: string) => string])[] = [
  ['alone', (text) => text],
  ['in prose', (text) => `the test failed with ${text} and stopped`],
  ['in JSON', (text) => JSON.stringify({ message: `first line\n${text}\nlast line` })],
  ['in JSON in JSON', (text) => JSON.stringify({ body: JSON.stringify({ message: `a\n${text}\tb` }) })],
  ['on the terminal', (text) => `  ✖ ${inline(`login\n${text}\nfailed`)}`],
  ['in markdown', (text) => `| ${markdownText(`login\n${text}\nfailed`)} | 1 |`],
  ['quoted', (text) => `expected '${text}' to be "x"`],
  ['in a query', (text) => `?a=1&b=${text}&c=2`],
];

describe.each(planted)('a secret of the kind $kind', ({ value, text }) => {
  test.each(surroundings)('is taken out %s', (_, place) => {
    const result = redact(place(text));

    expect(result).not.toContain(value);
    expect(result).toContain(redacted);
  });

  test('leaves JSON well-formed', () => {
    const before = { first: text, list: [`a ${text}`, text], [text]: 1, last: 'end' };

    const after = JSON.parse(redact(JSON.stringify(before))) as typeof before;

    expect(after).toMatchObject({ list: { length: 2 }, last: 'end' });
    expect(Object.keys(after)).toHaveLength(4);
  });
});

test('there are fifty kinds of planted secrets', () => {
  expect(planted.length).toBeGreaterThanOrEqual(50);
  expect(new Set(planted.map(({ value }) => value)).size).toBe(planted.length);
});

test('a line of a private key that was cut short is taken out', () => {
  const { text } = planted.find(({ kind }) => kind === 'RSA key of many lines')!;
  const start = text.slice(0, 130);

  const results = [start, `${start}…`, start.replaceAll('\n', ' '), inline(start), JSON.stringify(start)].map(redact);

  expect(results).toEqual([redacted, redacted, redacted, redacted, `"${redacted}"`]);
});

describe('known secrets', () => {
  const known = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 }).filter((text) => text.trim().length >= 6);
  const strange = fc.oneof(
    known,
    fc.string({ unit: 'binary', minLength: 8, maxLength: 30 }).filter((t) => t.trim().length >= 6),
  );

  test('are taken out in each of their spellings', () => {
    fc.assert(
      fc.property(
        known.filter((text) => !redacted.includes(text)),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const mask = redactor([secret]);

          for (const form of formsOf(secret).filter((text) => text.length >= 6 && !redacted.includes(text)))
            expect(mask(`${before} ${form} ${after}`)).not.toContain(` ${form} `);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('are taken out of base64 and hex of a longer text', () => {
    const secret = 'correct horse battery staple';
    const mask = redactor([secret]);

    for (const before of ['', 'x', 'xy', 'xyz', 'password is '])
      for (const encoding of ['base64', 'base64url', 'hex'] as const) {
        const result = mask(Buffer.from(`${before}${secret} and so on`).toString(encoding));

        expect(result).toContain(redacted);
        expect(Buffer.from(result.replace(redacted, ''), encoding).toString()).not.toContain('horse');
      }
  });

  test('are found where a line was broken or an ellipsis cuts them', () => {
    const mask = redactor(['correct horse battery staple', 'tr0ub4dor&3']);

    const results = [mask('is correct horse\n      battery staple.'), mask('is tr0ub4…'), mask('is correct hor...')];

    expect(results).toEqual(['is [redacted].', 'is [redacted]…', 'is [redacted]...']);
  });

  test('shorter than six characters are left: they occur by chance', () => {
    expect(redactor(['abcde', ' ab  '])('abcde')).toBe('abcde');
  });

  test('that a longer one contains do not leave its rest', () => {
    expect(redactor(['abcdef', 'abcdefghijk'])('x abcdefghijk y')).toBe('x [redacted] y');
  });

  test('that the mark itself contains change nothing', () => {
    expect(redactor(['redacted', '[redacted]', 'edacte'])(redacted)).toBe(redacted);
  });

  test('a second time changes nothing', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.string(),
        strange,
        fc.constantFrom(...planted.map(({ text }) => text), redacted, 'password=', '(', '['),
      ),
    );
    fc.assert(
      fc.property(fc.array(strange, { maxLength: 4 }), pieces, (secrets, words) => {
        const mask = redactor(secrets);
        const once = mask([...words, ...secrets].join(''));

        expect(mask(once)).toBe(once);
      }),
      { numRuns: 400 },
    );
  });
});

describe('ordinary text stays as it is', () => {
  test.each([
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '2f63941d0b1f0a3c5e7d9b8a6c4e2f1d0b9a8c7e',
    '"decisionDigest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    '"reports/secret-scan.json","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    'token: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    'pkg:npm/%40acme/token-service@2.5.0?checksum=sha256:9f86d081884c7d65',
    'pkg:maven/org.apache/password4j@1.8.2',
    'src/token.ts',
    'src/token.ts:128:15: unexpected token: src/v2/token.test.ts:12',
    'Possible hardcoded secret: src/config2.ts:12',
    'password reset, Password: required, password must have at least 12 characters',
    'token: expired, secret: not found, api_key: missing, access_token: undefined, credentials: none',
    'secret: CVE-2024-12345, token: GHSA-jcc8-g2q4-9fxq, token: 2026-11-23T17:59:51Z, token: v12.5.0-rc.1',
    '"secrets": 12, "tokens": 123456789, "passwords": []',
    'Bearer authentication is required; Basic authentication failed; Authorization: required',
    'https://example.test:8080/a@b/c?d=e@f',
    'mailto:ada@example.test, git@github.com:acme/shop.git, ssh://git@github.com/acme/shop.git',
    'password=${{ secrets.DEPLOY_PASSWORD_2 }} token=$TOKEN_2_VALUE_HERE token: process.env.TOKEN_2',
    'task-force-sk-learn-and-sklearn, hf_hub_download_with_retries, npm_config_registry, aqe_deploy_quality_gate_of_the_shop',
    'eyJ is how JSON begins in base64; AKIA is a prefix; ghp_ too; sk-; xox; SG.1',
    '-----BEGIN PUBLIC KEY-----',
    '---- BEGINNING ----',
    'org.acme.auth.AuthTokenProvider2Test.refreshesToken',
    '10:AAB 12:AAA',
  ])('%s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('digests and purls of any value', () => {
    const hex = (length: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
    const digest = fc.oneof(
      hex(40),
      hex(64),
      hex(64).map((text) => `sha256:${text}`),
    );
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    const purl = fc
      .tuple(name, name, hex(6))
      .map(([scope, pack, version]) => `pkg:npm/%40${scope}/${pack}@1.${version}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(digest, purl)), (texts) => {
        const text = JSON.stringify(texts);

        expect(redact(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a megabyte of hostile text takes less than a second', () => {
  const megabyte = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length));
  const mask = redactor(planted.filter((_, index) => index % 5 === 0).map(({ value }) => value));

  test.each([
    'a',
    ' ',
    '-',
    '=',
    'eyJ',
    'eyJa.',
    'password=',
    'token:',
    'token: ',
    'token=a1B$',
    'secret=abcdefgh1',
    'api',
    'ghp_',
    'xox',
    'xoxb-',
    '://',
    '://a:',
    '://a:b',
    'https://u:',
    '----BEGIN PRIVATE KEY-----',
    '-----BEGIN A ',
    'BEGIN ',
    'SG.',
    'SGSG.aaaa',
    'SK0',
    'sk-',
    'sk-a-',
    'pypi-',
    'pypi-\n',
    ':AA',
    '1:AA',
    '123456789:AA',
    'bearer ',
    'bearer a',
    'authorization: ',
    'authorization=a',
    'AIza',
    '\\',
    '\\n',
    '\\nsk-',
    '%3D',
    '%20eyJ',
    '"',
    '{',
    'aws_secret',
    'aws_secret=',
    'AccountKey=',
    '&sig=',
    'hooks.slack.com/services/',
    '\u0000',
    '\n',
    '[redacted]',
    'password=[redacted]',
    'gho_aaaa…',
    'passw0rd',
    '-----BEGIN PRIVATE KEY-----\\n',
    'eyJaaaaaaaa.aaaaaaaa ',
  ])('of %j', (piece) => {
    const text = megabyte(piece);
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      mask(text);
      return performance.now() - started;
    });

    expect(Math.min(...times)).toBeLessThan(1000);
  });
});

describe('redactDeep', () => {
  const { text: secret } = planted[0]!;

  test('goes through arrays, objects and keys, and keeps what is no text', () => {
    const when = new Date(0);

    const result = redactDeep({ a: [secret, 1, null, true], [secret]: { b: `x ${secret}` }, when }, redact);

    expect(result).toEqual({ a: [redacted, 1, null, true], [redacted]: { b: `x ${redacted}` }, when });
  });

  test('gives the same object back when there is nothing to hide', () => {
    const value = { a: ['b', { c: 'd' }], e: undefined };

    expect(redactDeep(value, redact)).toBe(value);
  });

  test('keeps two keys two', () => {
    const [one, two] = planted;

    expect(redactDeep({ [one!.text]: 1, [two!.text]: 2 }, redact)).toEqual({ [redacted]: 1, [`${redacted} (2)`]: 2 });
  });

  test('takes a key named __proto__ as a key', () => {
    const value: unknown = JSON.parse(`{"__proto__":{"x":1},"s":${JSON.stringify(secret)}}`);

    const result = redactDeep(value, redact);

    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(JSON.stringify(result)).toBe(`{"__proto__":{"x":1},"s":"${redacted}"}`);
  });
});

test('a mark never becomes the text of a markdown link', () => {
  expect(redact(`${planted[0]!.text}(https://evil.example)`)).toBe(`${redacted} (https://evil.example)`);
});
