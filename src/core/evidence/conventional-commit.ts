type CommitKind = 'feature' | 'fix' | 'performance' | 'other';

interface CommitClass {
  readonly kind: CommitKind;
  readonly breaking: boolean;
}

const header = /^([a-z]+)(?:\([^()]*\))?(!)?: \S/i;
const breakingFooter = /^BREAKING[ -]CHANGE(?:: | #)/m;
const kindByType: Readonly<Record<string, CommitKind>> = { feat: 'feature', fix: 'fix', perf: 'performance' };

/** Conventional Commits 1.0.0. `breaking` comes on top of the kind: `feat!:` is a feature and breaking. */
export function classifyCommit(subject: string, body: string): CommitClass {
  const [, type = '', mark] = header.exec(subject) ?? [];
  const kind = Object.hasOwn(kindByType, type.toLowerCase()) ? kindByType[type.toLowerCase()] : undefined;
  return { kind: kind ?? 'other', breaking: mark === '!' || breakingFooter.test(body) };
}
