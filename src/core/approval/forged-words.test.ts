import { describe, expect, test } from 'vitest';
import {
  address,
  at,
  digest,
  keyOf,
  now,
  person,
  reviewOf,
  rules,
  sanctions,
  word,
} from '../../../test/support/approvals.ts';
import type { SanctionsInput } from './sanctions-for.ts';
import { signWord } from './word-signature.ts';
import { keyIdentity, type UnsignedWord, type Word } from './word.ts';

/** A yes of Dan, who is one of the two of QA that are asked for, one of Cyd's override, and one of Ada's emergencies. */
const genuine = {
  approve: word({ from: 'dan' }),
  override: word({ from: 'cyd', kind: 'override', target: 'tests' }),
  emergency: word({ from: 'ada', kind: 'emergency' }),
  reject: word({ from: 'eve', kind: 'reject' }),
} as const;

/** Agreements and refusals that count, whatever they are for. */
function counting(records: readonly Word[], over: Partial<SanctionsInput> = {}): readonly string[] {
  const { requirements, overrides, emergency, rejections } = sanctions(records, over);
  const agreed = [...requirements, ...overrides, ...(emergency ? [emergency] : [])].flatMap((each) => each.agreed);
  return [...new Set([...agreed, ...rejections].map(({ id }) => id))];
}

const id = keyOf('dan').keyId;
const wide = (text: string): string =>
  text.replaceAll(/[!-~]/g, (each) => String.fromCodePoint(each.codePointAt(0)! + 0xfee0));

/** Values that are not what was signed, by field. */
const forged: Readonly<Record<keyof Word, readonly string[]>> = {
  id: ['', 'w0', 'w1 ', '\0', '__proto__', 'constructor', `w1\0`, 'W1', '1'.repeat(100_000)],
  service: [
    '',
    'Shop',
    'shop ',
    ' shop',
    'shop\0',
    'other',
    'sh\u043ep',
    'shop\u200b',
    '__proto__',
    'x'.repeat(100_000),
  ],
  version: ['', 'v2.5.1', 'V2.5.0', 'v2.5.0 ', 'v2.5.0\0', 'v2.5.\u0660', '2.5.0', 'v2.4.0'],
  environment: ['', 'staging', 'Production', 'production ', 'production\n', 'prod', 'pr\u043eduction'],
  decisionDigest: [
    '',
    'e'.repeat(64),
    digest.toUpperCase(),
    `${digest} `,
    ` ${digest}`,
    digest.slice(1),
    `${digest}\0`,
    '__proto__',
  ],
  kind: [
    '',
    'approve',
    'override',
    'emergency',
    'reject',
    'withdraw',
    'APPROVE',
    'approve ',
    'approve\0',
    '__proto__',
    'constructor',
    'toString',
  ],
  target: ['', 'tests', 'security', 'tests ', 'Tests', '__proto__', 'constructor', 'w1', '*'],
  person: [
    '',
    ...['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'].map(address),
    'DAN@example.com',
    'dan@EXAMPLE.com',
    'dan@home.example',
    'dan@example.com.',
    ' dan@example.com',
    'dan@example.com ',
    'dan@example.com\0',
    'dan+x@example.com',
    'd\u0430n@example.com',
    wide('dan@example.com'),
    'da\u0300n@example.com',
    'dan\u200b@example.com',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'x'.repeat(100_000),
  ],
  identity: [
    '',
    'ed25519:',
    `ed25519: ${id}`,
    ` ed25519:${id}`,
    `ed25519:${id} `,
    `ed25519:${id}\0`,
    `ed25519:${id.toUpperCase()}`,
    `ED25519:${id}`,
    `Ed25519:${id}`,
    `${wide('ed25519')}:${id}`,
    `ed25519\uff1a${id}`,
    `\u0435d25519:${id}`,
    `ed25519:${id.slice(0, 63)}`,
    `ed25519:${id}${id}`,
    `ed25519:${keyOf('dan again').keyId}`,
    `ed25519:${keyOf('cyd').keyId}`,
    `ed25519:${keyOf('mallory').keyId}`,
    `ed25519:__proto__`,
    `ed25519:${'f'.repeat(200_000)}`,
    `rsa:${id}`,
    `unverified (${id})`,
    'unverified (os user dan)',
    `unverified (ed25519:${id})`,
    `unverified (`,
    id,
  ],
  comment: [
    '',
    'looked at it',
    'looked at it and it is fine ',
    'LOOKED AT IT AND IT IS FINE',
    'looked at it\0and it is fine',
  ],
  createdAt: [
    '',
    at(0),
    at(-2),
    '2026-03-02T11:00:00Z',
    '2026-03-02',
    '0',
    'NaN',
    'Infinity',
    '+275760-09-13T00:00:00.000Z',
    '\u0662026-03-02T11:00:00.000Z',
  ],
  expiresAt: [
    '',
    at(22),
    at(24),
    at(9999),
    '2026-03-03T11:00:00Z',
    '9',
    'never',
    '+275760-09-13T00:00:00.001Z',
    '-000001-01-01T00:00:00.000Z',
  ],
  envelope: [
    '',
    ' ',
    '{}',
    '[]',
    'null',
    '"x"',
    '{"__proto__":{"payload":"","payloadType":"","signatures":[]}}',
    '{"payload":"","payloadType":"application/vnd.aqe-deploy.approval+json","signatures":[]}',
    '[['.repeat(50_000),
    'x'.repeat(1_000_000),
    '\ud800',
  ],
};

const cells = Object.entries(genuine).flatMap(([kind, row]) =>
  Object.entries(forged).flatMap(([field, values]) =>
    values
      .filter((value) => row[field as keyof Word] !== value)
      .map((value) => ({
        name: `${kind} with the ${field} ${JSON.stringify(value).slice(0, 50)}`,
        row: { ...row, [field]: value },
      })),
  ),
);

test('the words count as they are, so that whatever does not count later was forged', () => {
  for (const row of Object.values(genuine)) expect(counting([row])).toEqual([row.id]);
  expect(cells.length).toBeGreaterThan(400);
});

test.each(cells)('a row of $name does not count', ({ row }) => {
  const over = { reviews: [reviewOf(row), reviewOf(genuine.emergency)] };

  expect(counting([row], over)).toEqual([]);
});

test('an envelope of one record on another does not count, in every pair', () => {
  const others = [
    ...Object.values(genuine),
    word({ from: 'dan' }),
    word({ from: 'dan', version: 'v2.5.1' }),
    word({ from: 'dan', environment: 'staging' }),
    word({ from: 'dan', service: 'other' }),
    word({ from: 'dan', decisionDigest: 'e'.repeat(64) }),
    word({ from: 'dan', kind: 'override', target: 'tests' }),
    word({ from: 'dan', kind: 'emergency' }),
    word({ from: 'cyd' }),
    word({ from: 'dan', key: 'dan again' }),
    word({ from: 'dan', key: 'cyd', identity: keyIdentity(keyOf('cyd').keyId) }),
  ];
  const pairs = others.flatMap((one) =>
    others.flatMap((other) => (one === other ? [] : [{ ...one, envelope: other.envelope }])),
  );

  expect(pairs.length).toBeGreaterThan(150);
  for (const row of pairs) expect(counting([row], { reviews: [reviewOf(row)] })).toEqual([]);
});

/** Another base64 text of the same bytes: the last letter has two bits that mean nothing. */
function looseSpelling(base64: string): string {
  const last = base64.charCodeAt(base64.length - 2);
  return `${base64.slice(0, -2)}${String.fromCharCode(last + 1)}=`;
}

/** Signed with a key that the policy knows over exactly what the row says. */
function properlySigned(from: string, over: Partial<UnsignedWord>, key = from): Word {
  const { envelope: _, ...unsigned } = { ...word({ from }), ...over };
  return { ...unsigned, envelope: signWord(unsigned, keyOf(key)) };
}

const signedForgeries: readonly (readonly [string, Partial<UnsignedWord>])[] = [
  ...['cyd', 'eve', 'ada', 'mallory'].map((name) => ['in the name of another', { person: address(name) }] as const),
  ...forged.person
    .filter((each) => each.toLowerCase() !== address('dan') && each !== 'dan@home.example')
    .map((value) => [`in the name ${JSON.stringify(value).slice(0, 40)}`, { person: value }] as const),
  ...forged.identity.map((value) => [`as ${JSON.stringify(value).slice(0, 40)}`, { identity: value }] as const),
  ...['APPROVE', 'approve ', '', '__proto__', 'constructor'].map((kind) => [`as a ${kind}`, { kind }] as const),
  ...['emergency', 'override', 'withdraw'].map(
    (kind) => [`as a ${kind} without a role`, { kind, target: '' }] as const,
  ),
  ...['security', 'Tests', '__proto__', ''].map(
    (target) => [`for the gate ${target}`, { kind: 'override', target }] as const,
  ),
  ...[...forged.createdAt]
    .filter((each) => each !== at(0) && each !== at(-2))
    .map((createdAt) => [`made at ${createdAt}`, { createdAt }] as const),
  ...['', '9', 'never', at(-0.5), now, '2026-03-03T11:00:00Z'].map(
    (expiresAt) => [`good until ${expiresAt}`, { expiresAt }] as const,
  ),
  ['in the future', { createdAt: at(1) }],
  ['of another decision', { decisionDigest: 'e'.repeat(64) }],
];

describe('what a known key signed', () => {
  test.each(signedForgeries)('%s does not count', (_, over) => {
    const row = properlySigned('dan', over);

    expect(counting([row], { reviews: [reviewOf(row)] })).toEqual([]);
  });

  test('counts once, however often it stands there and under whichever of their addresses and keys', () => {
    const rows = [
      ...Array.from({ length: 30 }, (_, index) => properlySigned('dan', { id: `copy ${index}` })),
      properlySigned('dan', { id: 'upper', person: 'DAN@EXAMPLE.COM' }),
      properlySigned('dan', { id: 'alias', person: 'dan@home.example' }),
      properlySigned('dan', { id: 'other key', identity: keyIdentity(keyOf('dan again').keyId) }, 'dan again'),
    ];

    const { requirements } = sanctions([...rows, ...rows, genuine.approve]);

    expect(requirements.map(({ missing }) => missing)).toEqual([1, 0]);
  });

  test('does not let the speaker be two by unverified words beside it', () => {
    const claim = word({ from: 'dan', key: null });

    const { requirements } = sanctions([genuine.approve, claim], {
      policy: { ...rules, approvals: { ...rules.approvals, allowUnverified: true } },
    });

    expect(requirements[0]!.missing).toBe(1);
  });
});

describe('a policy with people that are hard to tell apart', () => {
  const withPeople = (...people: (typeof rules.people)[number][]): Partial<SanctionsInput> => ({
    policy: {
      ...rules,
      people: [...rules.people.filter(({ id: each }) => people.every((other) => other.id !== each)), ...people],
    },
  });

  test.each([
    ['two who have one key', { ...person('eve'), keys: person('dan').keys }, 'dan'],
    ['one who has the address of another', { ...person('eve'), aliases: [address('dan')] }, 'dan'],
    ['one who has an address of another in capitals', { ...person('eve'), aliases: ['DAN@EXAMPLE.COM'] }, 'dan'],
    ['somebody whose keys are lost', { ...person('dan'), keys: [] }, 'dan'],
    [
      'somebody with keys that are none',
      {
        ...person('dan'),
        keys: [
          '',
          '__proto__',
          'MCowBQYDK2VwAyEA',
          `${keyOf('dan').publicKey} `,
          looseSpelling(keyOf('dan').publicKey),
        ],
      },
      'dan',
    ],
  ])('%s: the word of neither counts', (_, other, from) => {
    expect(counting([word({ from })], withPeople(other))).toEqual([]);
  });

  test('a person who is listed twice is nobody', () => {
    const twice = { policy: { ...rules, people: [...rules.people, person('dan')] } };

    expect(counting([genuine.approve], twice)).toEqual([]);
  });

  test.each([
    'dan@example.com.',
    'da\u0301n@example.com',
    'd\u00e1n@example.com',
    'd\u0430n@example.com',
    ' dan@example.com',
  ])('%j is another person, with keys of their own', (like) => {
    const other = { id: like, name: null, aliases: [], keys: [keyOf('mallory').publicKey] };

    expect(counting([properlySigned('mallory', { person: address('dan') })], withPeople(other))).toEqual([]);
    expect(counting([genuine.approve], withPeople(other))).toEqual([genuine.approve.id]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', ' ', 'QA ', 'qa', 'ＱＡ'])(
    'a role named %j gives nobody the rights of another role',
    (role) => {
      const policy = {
        ...rules,
        roles: [
          { name: role, people: [address('dan')] },
          { name: 'QA', people: [address('cyd')] },
        ],
        approvals: { ...rules.approvals, required: [{ name: 'QA', when: 'always', roles: ['QA'], count: 1 } as const] },
      };

      expect(counting([genuine.approve], { policy })).toEqual([]);
      expect(counting([word({ from: 'cyd' })], { policy })).toHaveLength(1);
    },
  );

  test.each(['__proto__', 'constructor', 'valueOf'])(
    'a requirement from %j, which no role is named, is nobody’s to meet',
    (role) => {
      const required = [{ name: 'x', when: 'always', roles: [role], count: 1 } as const];

      const { requirements } = sanctions([genuine.approve], {
        policy: { ...rules, approvals: { ...rules.approvals, required } },
      });

      expect(requirements).toMatchObject([{ missing: 1, waitingFor: [] }]);
    },
  );
});
