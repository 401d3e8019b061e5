import { createHash, generateKeyPairSync } from 'node:crypto';

/** A secret of a kind that services issue, and a text in which it stands as it does in the world. */
export interface Planted {
  readonly kind: string;
  /** What must not be seen anywhere. */
  readonly value: string;
  readonly text: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const alphabets = {
  base62: `${letters}0123456789`,
  base64url: `${letters}0123456789_-`,
  base64: `${letters}0123456789+/`,
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  hex: '0123456789abcdef',
  letters,
  digits: '0123456789',
} as const;

/** Secrets of fifty kinds. They are made when they are needed: none stands in a file. The same seed gives the same ones. */
export function plantedSecrets(seed: string): readonly Planted[] {
  const made: Planted[] = [];
  const random = (alphabet: keyof typeof alphabets, length: number): string => {
    let text = '';
    for (let block = 0; text.length < length; block += 1) {
      const bytes = createHash('sha256').update(`${seed} ${made.length} ${alphabet} ${block}`).digest();
      for (const byte of bytes) text += alphabets[alphabet][byte % alphabets[alphabet].length];
    }
    // Whoever makes secrets for real uses digits and letters; a short one here shall too.
    return `${text.slice(0, length - 3)}${{ hex: 'a1b', digits: '123', base32: 'AB2', letters: 'aBc', base62: 'aB1', base64url: 'aB1', base64: 'aB1' }[alphabet]}`;
  };
  const token = (kind: string, value: string, text = (secret: string) => secret): void =>
    void made.push({ kind, value, text: text(value) });
  for (const prefix of ['ghp', 'gho', 'ghu', 'ghs', 'ghr'])
    token(`GitHub ${prefix}`, `${prefix}_${random('base62', 36)}`);
  token('GitHub fine-grained', `github_pat_${random('base62', 22)}_${random('base62', 59)}`);
  token('GitLab', `glpat-${random('base64url', 20)}`);
  token('GitLab deploy', `gldt-${random('base64url', 20)}`);
  token('AWS key id', `AKIA${random('base32', 16)}`);
  token('AWS session key id', `ASIA${random('base32', 16)}`);
  token('AWS secret', random('base64', 40), (s) => `aws_secret_access_key = ${s}`);
  for (const kind of ['b', 'p', 'o', 'a', 'r', 's'])
    token(`Slack xox${kind}`, `xox${kind}-${random('digits', 12)}-${random('digits', 12)}-${random('base62', 24)}`);
  token(
    'Slack hook',
    `T${random('base32', 8)}/B${random('base32', 8)}/${random('base62', 24)}`,
    (s) => `https://hooks.slack.com/services/${s}`,
  );
  token('Stripe', `sk_live_${random('base62', 24)}`);
  token('Stripe restricted', `rk_live_${random('base62', 24)}`);
  token('Stripe hook', `whsec_${random('base62', 32)}`);
  token('npm', `npm_${random('base62', 36)}`);
  token('PyPI', `pypi-AgEIcHlwaS5vcmc${random('base64url', 80)}`);
  token('Google', `AIza${random('base64url', 35)}`);
  token('Google OAuth', `GOCSPX-${random('base64url', 28)}`);
  token('Azure storage', `${random('base64', 86)}==`, (s) => `AccountName=shop;AccountKey=${s};EndpointSuffix=x`);
  token('Azure service bus', `${random('base64', 43)}=`, (s) => `SharedAccessKeyName=root;SharedAccessKey=${s}`);
  token('JWT', `eyJhbGciOiJIUzI1NiJ9.eyJ${random('base64url', 40)}.${random('base64url', 43)}`);
  const keys = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  token('private key', keys.privateKey.split('\n')[1]!, () => keys.privateKey);
  token(
    'RSA key of many lines',
    random('base64', 64),
    (s) =>
      `-----BEGIN RSA ${'PRIVATE'} KEY-----\nProc-Type: 4,ENCRYPTED\n\n${random('base64', 63)}Z\n${s}\n-----END RSA ${'PRIVATE'} KEY-----`,
  );
  token('database URL', random('base62', 14), (s) => `postgres://shop:${s}@db.example.test:5432/shop`);
  token('git URL', random('base62', 20), (s) => `https://ci:${s}@git.example.test/shop.git`);
  token('mail URL', random('base62', 12), (s) => `smtps://mailer:${s}@mail.example.test`);
  token('bearer header', random('base64url', 32), (s) => `Authorization: Bearer ${s}`);
  token(
    'basic header',
    Buffer.from(`ci:${random('base62', 12)}`)
      .toString('base64')
      .replace(/=+$/, ''),
    (s) => `Authorization: Basic ${s}`,
  );
  token('curl header', random('hex', 40), (s) => `curl -H "authorization: token ${s}"`);
  token('password flag', random('base62', 16), (s) => `--password=${s}`);
  token('password in YAML', random('base62', 16), (s) => `db_password: "${s}"`);
  token('password in JSON', random('base62', 18), (s) => `{"password":"${s}"}`);
  token('API key', random('hex', 32), (s) => `X_API_KEY=${s}`);
  token('client secret', random('base64url', 34), (s) => `clientSecret: '${s}'`);
  token('token assignment', random('base62', 24), (s) => `accessToken = ${s}`);
  token('SendGrid', `SG.${random('base64url', 22)}.${random('base64url', 43)}`);
  token('Twilio', `SK${random('hex', 32)}`);
  token('Telegram', `${random('digits', 9)}:AA${random('base64url', 33)}`);
  token('DigitalOcean', `dop_v1_${random('hex', 64)}`);
  token('Hugging Face', `hf_${random('letters', 34)}`);
  token('OpenAI', `sk-proj-${random('base64url', 48)}`);
  token('Anthropic', `sk-ant-api03-${random('base64url', 80)}`);
  token('our own', `aqe_${random('base64url', 40)}`);
  return made;
}

/** The value as it is, and as base64 (three alignments), base64url, URL and hex write it. */
export function formsOf(value: string): readonly string[] {
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]).toString('base64');
    // What depends on bytes that stand before or behind is left out.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + Buffer.byteLength(value)) * 8) / 6));
  });
  const hex = Buffer.from(value).toString('hex');
  return [
    ...new Set([
      value,
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(value),
      ...base64,
      ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
      hex,
      hex.toUpperCase(),
    ]),
  ];
}
