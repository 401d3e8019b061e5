import { AqeError } from '../error/aqe-error.ts';
import { openEnvelope, parseEnvelope, type Opened, type TrustedKey, type VerifySignature } from './dsse.ts';
import { repeatedKey } from './repeated-key.ts';
import { decodeUtf8 } from './utf8.ts';
import {
  gateLevels,
  riskLevels,
  statementPayloadType,
  statementType,
  summaryPredicateType,
  type Digest,
} from './vsa.ts';

/** What a statement has to say to be accepted. Nothing has a default: what is not asked for is not checked. */
export interface Expectation {
  /** Each with the one verifier that it may sign for. */
  readonly keys: readonly (TrustedKey & { readonly verifier: string })[];
  readonly subject: Digest;
  readonly resourceUri: string;
  /**
   * Of gate levels named, the statement carries one and no other gate level; of risk levels named, one; any further level
   * is carried. No gate level named: AQE_GATE_PASSED or AQE_GATE_PASSED_WITH_WARNINGS.
   */
  readonly levels: readonly string[];
  /** SHA-256, hex; null: any policy. */
  readonly policyDigest: string | null;
  /** Milliseconds; null: any age. */
  readonly maxAge: number | null;
  /** ISO-8601 UTC. */
  readonly now: string;
}

export type CheckName =
  'signature' | 'subject' | 'predicate-type' | 'verifier' | 'resource' | 'result' | 'levels' | 'policy' | 'age';

export interface Check {
  readonly check: CheckName;
  readonly holds: boolean;
  /** What was found, in a sentence. */
  readonly detail: string;
}

export interface Verification {
  readonly verified: boolean;
  /** The seven checks of the specification in its order, then those of policy and age if they were asked for. */
  readonly checks: readonly Check[];
  /** The statement; null unless a trusted key signed it. */
  readonly statement: Fields | null;
}

type Fields = Readonly<Record<string, unknown>>;
type Answer = readonly [holds: boolean, detail: string];

/** Clocks differ: a statement from so many milliseconds ahead is not from the future. */
const clockTolerance = 5 * 60_000;

/**
 * The checks that the specification of verification summaries demands (https://slsa.dev/spec/v1.1/verification_summary,
 * "How to verify"). A failing one says why. Nothing of an envelope is looked at whose signatures do not hold.
 * @throws AqeError AQE3011 for a text that is no envelope.
 */
export function verifySummary(text: string, expected: Expectation, verify: VerifySignature): Verification {
  const envelope = parseEnvelope(text);
  let opened: Opened;
  try {
    opened = openEnvelope(envelope, expected.keys, verify);
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    return settled(expected, [false, error.detail], null, () => [false, 'not looked at: the signature does not hold']);
  }
  const { keyIds } = opened;
  const signed: Answer = [true, `signed by ${keyIds.join(', ')}`];
  const statement = statementOf(opened);
  if (typeof statement === 'string')
    return settled(expected, signed, null, (name) => [
      false,
      name === 'predicate-type' ? statement : 'there is no statement',
    ]);
  const predicate = fields(statement['predicate']);
  return settled(expected, signed, statement, (name) => answers[name](statement, predicate, expected, keyIds));
}

const answers: Readonly<
  Record<
    Exclude<CheckName, 'signature'>,
    (statement: Fields, predicate: Fields, expected: Expectation, keyIds: readonly string[]) => Answer
  >
> = {
  subject({ subject }, _, { subject: { algorithm, value } }) {
    const digests = list(subject).map((each) => fields(fields(each)['digest']));
    const found = digests.some((digest) => digest[algorithm] === value);
    const others = digests.flatMap((digest) =>
      Object.entries(digest).map(([name, other]) => `${name}:${shown(other)}`),
    );
    return [
      found,
      found ? `${algorithm}:${value}` : `it is about ${others.join(', ') || 'nothing'}, not ${algorithm}:${value}`,
    ];
  },
  'predicate-type'({ _type, predicateType }) {
    if (_type !== statementType) return [false, `the statement is of type ${shown(_type)}`];
    return [predicateType === summaryPredicateType, shown(predicateType)];
  },
  verifier(_, { verifier }, { keys }, keyIds) {
    const { id } = fields(verifier);
    const pinned = keys.filter(({ keyId }) => keyIds.includes(keyId)).map((key) => key.verifier);
    const fits = typeof id === 'string' && pinned.includes(id);
    return [fits, fits ? id : `${shown(id)}; the key may sign for ${[...new Set(pinned)].join(', ')}`];
  },
  resource(_, { resourceUri }, expected) {
    const fits = resourceUri === expected.resourceUri;
    return [fits, fits ? expected.resourceUri : `it is for ${shown(resourceUri)}, not for ${expected.resourceUri}`];
  },
  result: (_, { verificationResult }) => [verificationResult === 'PASSED', shown(verificationResult)],
  levels(_, { verifiedLevels }, { levels }) {
    const carried = list(verifiedLevels);
    const problem = levelProblem(carried, levels);
    return [problem === null, `${problem === null ? '' : `${problem}: `}${carried.map(shown).join(', ') || 'none'}`];
  },
  policy(_, { policy }, { policyDigest }) {
    const { sha256 } = fields(fields(policy)['digest']);
    const fits = sha256 === policyDigest;
    return [fits, fits ? `sha256:${policyDigest}` : `it was sha256:${shown(sha256)}`];
  },
  age(_, { timeVerified }, { now, maxAge }) {
    const time = typeof timeVerified === 'string' && instant.test(timeVerified) ? Date.parse(timeVerified) : Number.NaN;
    if (Number.isNaN(time)) return [false, `${shown(timeVerified)} is not a time`];
    const age = Date.parse(now) - time;
    if (age < -clockTolerance) return [false, `made in the future (${shown(timeVerified)})`];
    return [maxAge === null || age <= maxAge, `made ${shown(timeVerified)}`];
  },
};

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function settled(
  { policyDigest, maxAge }: Expectation,
  [holds, detail]: Answer,
  statement: Fields | null,
  answer: (name: Exclude<CheckName, 'signature'>) => Answer,
): Verification {
  const names = ['subject', 'predicate-type', 'verifier', 'resource', 'result', 'levels'] as const;
  const asked = [
    ...names,
    ...(policyDigest === null ? [] : ['policy' as const]),
    ...(maxAge === null ? [] : ['age' as const]),
  ];
  const checks: readonly Check[] = [
    { check: 'signature', holds, detail },
    ...asked.map((check) => {
      const [fits, found] = answer(check);
      return { check, holds: fits, detail: found };
    }),
  ];
  return { verified: checks.every((each) => each.holds), checks, statement };
}

/** The statement, or why it is none. */
function statementOf({ payloadType, payload }: Opened): Fields | string {
  if (payloadType !== statementPayloadType) return `the payload is ${shown(payloadType)}, not an in-toto statement`;
  const text = decodeUtf8(payload);
  if (text === null) return 'the payload is not UTF-8';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the payload is not JSON';
  }
  const twice = repeatedKey(text);
  if (twice !== null) return `${shown(twice)} stands twice in one object`;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : 'it is not an object';
}

function levelProblem(carried: readonly unknown[], asked: readonly string[]): string | null {
  const gate = asked.filter((level) => isOf(gateLevels, level));
  const allowed: readonly unknown[] = gate.length > 0 ? gate : gateLevels.slice(0, 2);
  const ways = carried.filter((level) => isOf(gateLevels, level));
  if (carried.includes('FAILED')) return 'it carries FAILED';
  if (ways.length === 0 || ways.some((level) => !allowed.includes(level)))
    return `it may carry ${allowed.join(' or ')} and no other gate level`;
  const risks = asked.filter((level) => isOf(riskLevels, level));
  const found = carried.filter((level) => isOf(riskLevels, level));
  if (risks.length > 0 && (found.length !== 1 || !risks.includes(String(found[0]))))
    return `it does not carry ${risks.join(' or ')}`;
  const other = asked.find((level) => !isOf(gateLevels, level) && !isOf(riskLevels, level) && !carried.includes(level));
  return other === undefined ? null : `it does not carry ${other}`;
}

function isOf(levels: readonly string[], level: unknown): boolean {
  return typeof level === 'string' && levels.includes(level);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.slice(0, 200);
}
