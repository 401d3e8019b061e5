/** A piece of text that is a secret: from and to as indices. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A format that secrets have by convention of who issues them. */
export interface TokenFormat {
  readonly name: string;
  /** Texts of which one stands at the place where `find` looks; of each the first three characters count, whatever their case. */
  readonly starts: readonly string[];
  /** The secret that belongs to the start at `at`. `edge`: an index that counts as the beginning of a word. Time is linear in what is taken. */
  find(text: string, at: number, edge: number): Span | null;
}

/** Whether a word can begin at `at`: behind no letter or digit, unless it ends an escape such as `\n`, `\u000a` or `%3D`. */
function wordStarts(text: string, at: number, edge: number): boolean {
  if (at === 0 || at === edge || !isWordCharacter(text.charCodeAt(at - 1))) return true;
  const back = (count: number): string | undefined => text[at - count];
  if (back(2) === '\\') return 'nrtbf'.includes(back(1)!);
  if (back(3) === '%') return /^[0-9A-Fa-f]{2}$/.test(text.slice(at - 2, at));
  return back(6) === '\\' && back(5) === 'u' && /^[0-9A-Fa-f]{4}$/.test(text.slice(at - 4, at));
}

function isWordCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

// Markdown writes some underscores as `\_`.
const wordy = '(?:[\\w-]|\\\\{1,2}_)';

/** No secret is longer; an expression without a bound would need memory for each character. */
const longest = 16_000;

/** `least` or more characters of a class; fewer where an ellipsis cuts the text off. */
function run(characters: string, least: number, most = longest): string {
  return `(?:${characters}{${least},${most}}|${characters}{4,${most}}(?=…|\\.\\.\\.))`;
}

/** A prefix that nothing else has, and what follows it. */
function prefixed(name: string, starts: readonly string[], pattern: string): TokenFormat {
  const expression = new RegExp(pattern, 'y');
  return { name, starts, find: (text, at) => taken(expression, text, at) };
}

/** The same for prefixes that also occur inside words. */
function word(name: string, starts: readonly string[], pattern: string): TokenFormat {
  const { find } = prefixed(name, starts, pattern);
  return { name, starts, find: (text, at, edge) => (wordStarts(text, at, edge) ? find(text, at, edge) : null) };
}

/** And for those whose rest has to have digits and capitals; they show among the first characters, or it is none. */
function mixedWord(name: string, starts: readonly string[], least: number): TokenFormat {
  const expression = new RegExp(`(?:${starts.join('|')})${run(wordy, least, least + 30)}`, 'y');
  const rest = new RegExp(`${wordy}{0,${longest}}`, 'y');
  return {
    name,
    starts,
    find(text, at, edge) {
      const span = wordStarts(text, at, edge) ? taken(expression, text, at) : null;
      if (span === null || !isMixed(text.slice(at, span.to))) return null;
      return { from: at, to: taken(rest, text, span.to)?.to ?? span.to };
    },
  };
}

/**
 * A context that tells that a secret follows; only the secret is taken. Its first characters (at most 160) decide whether it is one,
 * so that a long run that is none is not read again and again.
 */
function following(
  name: string,
  starts: readonly string[],
  context: RegExp,
  [characters, least]: readonly [string, number],
  accept = anything,
): TokenFormat {
  const value = new RegExp(`${characters}{${least},160}`, 'y');
  const rest = new RegExp(`${characters}{0,${longest}}`, 'y');
  return {
    name,
    starts,
    find(text, at) {
      const before = taken(context, text, at);
      const span = before && taken(value, text, before.to);
      if (span === null || !accept(text.slice(span.from, span.to))) return null;
      return { from: span.from, to: taken(rest, text, span.to)?.to ?? span.to };
    },
  };
}

/** The password in a URL: up to the last @ before its path. */
const urlPassword: TokenFormat = {
  name: 'URL password',
  // Whoever takes the URL for a path leaves one slash.
  starts: ['://', ';//', ...[...'abcdefghijklmnopqrstuvwxyz0123456789_-'].map((first) => `:/${first}`)],
  find(text, at) {
    const user = taken(urlUser, text, at);
    return user && taken(urlSecret, text, user.to);
  },
};
const urlUser = /[:;]\/{1,3}[^\s/@:"'<>\\]{0,100}:/y;
const urlSecret = /[^\s/"'<>\\?#[]{1,200}(?=@|&#64;)/y;

function taken(expression: RegExp, text: string, at: number): Span | null {
  expression.lastIndex = at;
  return expression.test(text) ? { from: at, to: expression.lastIndex } : null;
}

const anything = (value: string): boolean => value !== '';
const isMixed = (text: string): boolean => /\d/.test(text) && /[A-Z]/.test(text);

/** Letters with digits, or with capitals inside: not a word of a language. */
function isDense(text: string): boolean {
  return text.length >= 6 && ((/[A-Za-z]/.test(text) && /\d/.test(text)) || /[a-z][A-Z]/.test(text));
}

const sourceFile =
  /^[\w@.+-]*(?:\/[\w@.+-]+)*\.(?:[cm]?[jt]sx?|json|ya?ml|xml|py|java|kts?|go|rs|rb|php|cs|c|h|cc|cpp|html?|css|scss|md|txt|toml|lock|sh|properties|conf|cfg|ini|vue|svelte|sql|gradle|swift|scala|info|log|sarif)(?::\d+)*:?$/i;
const namesSomething =
  /^(?:sha(?:1|224|256|384|512)[:=-]|md5[:=-]|pkg:|https?:|file:|git[+:@]|[$%*]|process\.|env\.|(?:CVE|GHSA|CWE|RUSTSEC|PYSEC|GO|OSV|SNYK|DSA|USN|RHSA)-|\d{4}-\d\d-\d\d|v?\d+\.\d+)/i;

/** A value that nobody writes as a word, name, path, version, date or digest. */
function isHighEntropy(value: string): boolean {
  if (value.length < 12 ? kindsIn(value) < 3 : !isDense(value)) return false;
  if (namesSomething.test(value) || (sourceFile.test(value) && !value.split(/[/._:-]/).some(isRandom))) return false;
  return entropyOf(value) >= (value.length < 12 ? 2.5 : 3);
}

/** A part of a file name that nobody chose. */
function isRandom(part: string): boolean {
  return part.length >= 12 && isDense(part) && entropyOf(part) >= 3;
}

function kindsIn(value: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
}

/** Bits a character, as the text itself shows them. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** A private key: to the end of its block, or as far as it looks like one. */
const privateKey: TokenFormat = {
  name: 'private key',
  starts: ['BEGIN'],
  find(text, at) {
    let from = at;
    while (text[from - 1] === '-' && at - from < 5) from -= 1;
    const head = at - from < 4 ? null : taken(keyHead, text, at);
    if (head === null) return null;
    const block = taken(keyBlock, text, head.to) ?? taken(keyLines, text, head.to);
    return { from, to: block?.to ?? head.to };
  },
};
const keyHead = /BEGIN[A-Z0-9\s]{0,60}?PRIVATE\s{0,20}KEY(?:\s{0,20}BLOCK)?-{0,5}/y;
// Base64 and headers (`Proc-Type: 4,ENCRYPTED`), line ends as they are or as an encoder spells them. Never a quote: the key may stand in JSON.
const keyBlock =
  /(?:[A-Za-z0-9+/=:,.\s{}…]|\\{1,3}[nrtu]|-(?!--)){0,20000}-{3,5}END[A-Z0-9\s]{0,60}?KEY(?:\s{0,20}BLOCK)?-{0,5}/y;
const keyLines =
  /(?:(?:\s|\\{1,3}[nrt]|\\{1,2}u\{?[0-9a-f]{1,4}\}?){0,8}(?:[A-Z][A-Za-z-]{2,20}:\s?[A-Za-z0-9,./+=-]{1,80}|[A-Za-z0-9+/=]{16,4000})){0,400}(?:(?:\s|\\{1,3}[nrt]|\\{1,2}u\{?[0-9a-f]{1,4}\}?){0,8}[A-Za-z0-9+/=]{1,4000}(?:…|(?=["'`]|$)))?/y;

const telegram: TokenFormat = {
  name: 'Telegram bot token',
  starts: [':AA'],
  find(text, at) {
    let from = at;
    while (at - from < 12 && text.charCodeAt(from - 1) >= 48 && text.charCodeAt(from - 1) <= 57) from -= 1;
    const rest = at - from >= 8 ? taken(telegramRest, text, at) : null;
    return rest && { from, to: rest.to };
  },
};
const telegramRest = new RegExp(`:AA${run('(?:[\\w-]|\\\\{1,2}_)', 30)}`, 'y');

const quote = '(?:\\\\{0,3}["\'`])?';
const hexDigits = [...'0123456789abcdef'];

const plainText = '[^\\s"\'`,;<>()[\\]{}|&\\\\…]';

/** What is known of tokens that services issue, and of the places where secrets stand. */
export const tokenFormats: readonly TokenFormat[] = [
  prefixed('GitHub', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], `gh[pousr]_${run('[A-Za-z0-9]', 20)}`),
  prefixed('GitHub fine-grained', ['github_pat_'], `github_pat_${run('\\w', 20)}`),
  prefixed('GitLab', ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-'], `gl[a-z]{2,5}-${run(wordy, 18)}`),
  word('AWS key id', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], `A(?:KIA|SIA|BIA|CCA)${run('[A-Z2-7]', 16)}`),
  following(
    'AWS secret key',
    ['aws_secret', 'aws-secret', 'awssecret', 'secretaccesskey', 'secret_access_key'],
    new RegExp(`(?:aws[_-]?)?secret[\\w-]{0,40}${quote}\\s{0,3}[:=]\\s{0,3}${quote}`, 'iy'),
    ['[A-Za-z0-9/+]', 40],
    isDense,
  ),
  prefixed('Slack', ['xox'], `xox[abeoprs]-${run('[A-Za-z0-9-]', 10)}`),
  prefixed('Slack app', ['xapp-'], `xapp-${run('[A-Za-z0-9-]', 20)}`),
  following('Slack hook', ['hooks.slack.com'], /hooks\.slack\.com\/(?:services|workflows|triggers)\//y, [
    '[\\w/-]',
    20,
  ]),
  following('Discord hook', ['discord'], /discord(?:app)?\.com\/api\/webhooks\/\d{1,30}\//y, ['[\\w-]', 30]),
  prefixed('Stripe', ['sk_', 'rk_'], `[sr]k_(?:live|test|prod)_${run('[A-Za-z0-9]', 16)}`),
  prefixed('Stripe hook', ['whsec_'], `whsec_${run('[A-Za-z0-9+/=]', 20)}`),
  prefixed('npm', ['npm_'], `npm_${run('[A-Za-z0-9]', 30)}`),
  mixedWord('PyPI', ['pypi-'], 40),
  word('Google', ['AIza'], `AIza${run(wordy, 30)}`),
  word('Google OAuth', ['ya29.', 'GOCSPX-'], `(?:ya29\\.|GOCSPX-)${run(wordy, 20)}`),
  following('Azure key', ['AccountKey', 'SharedAccessKey'], /(?:AccountKey|SharedAccessKey)=/iy, [
    '[A-Za-z0-9+/=]',
    20,
  ]),
  following('Azure signature', ['?sig=', '&sig=', ';sig='], /[?&;]sig=/y, ['[A-Za-z0-9%+/=]', 30]),
  word('JWT', ['eyJ'], `eyJ${wordy}{6,300}\\.${wordy}{8,${longest}}(?:\\.${wordy}{0,${longest}})?`),
  privateKey,
  urlPassword,
  following('bearer token', ['bearer'], /bearer(?:\s|\+|%20){1,3}/iy, ['[\\w.~+/=-]', 8], isDense),
  following('basic credentials', ['basic'], /basic(?:\s|\+|%20){1,3}/iy, ['[A-Za-z0-9+/=]', 8], isDense),
  following(
    'authorization header',
    ['authorization'],
    new RegExp(`authorization${quote}\\s{0,3}[:=]\\s{0,3}${quote}(?:[a-z]{3,12}\\s{1,3})?`, 'iy'),
    [plainText, 6],
    isDense,
  ),
  word('SendGrid', ['SG.'], `SG\\.${wordy}{16,100}\\.${run(wordy, 16)}`),
  word(
    'Twilio',
    hexDigits.map((digit) => `SK${digit}`),
    `SK[0-9a-f]{32}`,
  ),
  telegram,
  prefixed('DigitalOcean', ['dop_v1_', 'doo_v1_', 'dor_v1_'], `do[opr]_v1_${run('[a-f0-9]', 32)}`),
  word('Hugging Face', ['hf_'], `hf_${run('[A-Za-z0-9]', 30)}`),
  mixedWord('OpenAI, Anthropic', ['sk-'], 20),
  mixedWord('aqe-deploy', ['aqe_'], 20),
  following(
    'assignment',
    ['passw', 'passphrase', 'pwd', 'secret', 'token', 'api', 'access', 'private', 'credential', 'auth'],
    new RegExp(
      `(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth[_-]?key)[\\w-]{0,40}${quote}\\s{0,3}(?:=>|:=|=|:)\\s{0,3}${quote}`,
      'iy',
    ),
    [`(?:${plainText}|\\\\[*$~])`, 8],
    isHighEntropy,
  ),
];
