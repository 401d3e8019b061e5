import { redactedRecords } from '../app/redact-records.ts';
import { redactDeep, redactor, type Redact } from '../core/secret/redact.ts';
import type { OutputFile } from '../ports/output-file.ts';
import type { Store } from '../ports/store.ts';
import type { Io } from '../surfaces/cli/command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const secretName =
  /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SIGNING_?KEY|CREDENTIAL|^AQE_(?:SYSTEM_)?KEY$|_PAT$|_AUTH$/i;
const otherName = /_(?:FILE|PATH|DIR|NAME|TYPE|EXPIRY|EXPIRES|TTL|LENGTH|ALGORITHM|HEADER|ISSUER)$/i;
// Values that switch something on, and words that our own output is made of.
const noSecret =
  /^(?:true|false|yes|no|on|off|none|null|undefined|enabled|disabled|required|default|optional|production|staging|development|approved|blocked|inconclusive|write|read-only|\d{1,12}|\/(?:[\w.@+-]+\/)*[\w.@+-]+\.\w{1,12})$/i;

/** Secrets that the environment holds: by the names that variables of secrets have, by the passwords of URLs, and those that the config names. */
export function knownSecrets(env: Environment, named: readonly string[] = []): readonly string[] {
  const found = new Set<string>();
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '') continue;
    const isNamed = named.includes(name);
    if (isNamed || (secretName.test(name) && !otherName.test(name) && !noSecret.test(value.trim()))) found.add(value);
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^:@/?#]*:([^@]+)@/i.exec(value.slice(0, 4096))?.[1];
    if (password !== undefined) for (const each of [password, decoded(password)]) found.add(each);
  }
  return [...found];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What every sink of one run passes through. */
export interface Redaction {
  readonly redact: Redact;
  /** Variables of which the config says that they hold secrets. */
  hide(variables: readonly string[]): void;
}

/** The redactor is made when something is first printed. */
export function redactionOf(env: Environment): Redaction {
  let named: readonly string[] = [];
  let made: Redact | null = null;
  return {
    redact: (text) => (made ??= redactor(knownSecrets(env, named)))(text),
    hide(variables) {
      if (variables.length === 0) return;
      named = [...named, ...variables];
      made = null;
    },
  };
}

export function redactedIo(io: Io, redact: Redact): Io {
  return { ...io, redact, out: (text) => io.out(redact(text)), err: (text) => io.err(redact(text)) };
}

export function redactedOutput(output: OutputFile, redact: Redact): OutputFile {
  return {
    write: (path, text, options) => output.write(path, options?.verbatim === true ? text : redact(text), options),
  };
}

/** A store that remembers no secret: see `redactedRecords`. */
export function redactedStore(store: Store, redact: Redact): Store {
  return {
    commit: (records, [first, ...events]) =>
      store.commit(redactedRecords(records, redact), [redactDeep(first, redact), ...redactDeep(events, redact)]),
    find: (...args) => store.find(...args),
    auditLog: (...args) => store.auditLog(...args),
    auditHead: () => store.auditHead(),
    check: () => store.check(),
    close: () => store.close(),
  };
}
