/** What an analyser found, in no format. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { noSeverities, type SecurityIssues, type Severity } from '../../../src/core/evidence/reading.ts';
import { byText } from '../round-trip.ts';
import { anyPath, anyText } from './documents.ts';

export type Word = readonly [word: string, severity: Severity];

export interface Finding {
  /** Unique in its report. */
  readonly id: number;
  readonly rule: string;
  /** The tool's own, and what it means. */
  readonly word: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly suppressed: boolean;
}

const rules = [
  'no-undef',
  'import/no-cycle',
  'SC2086',
  'DL3008',
  'S.1:2',
  'Größe',
  '名',
  '__proto__',
  'a b',
  'toString',
];

export function findingsOf(words: readonly Word[], canSuppress = false): fc.Arbitrary<readonly Finding[]> {
  const finding = fc.record({
    rule: fc.constantFrom(...rules),
    word: fc.constantFrom(...words),
    message: anyText,
    path: anyPath,
    line: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 2_000_000 })),
    suppressed: canSuppress ? fc.boolean() : fc.constant(false),
  });
  return fc
    .array(finding, { maxLength: 10 })
    .map((all) =>
      all.map(({ word: [word, severity], ...rest }, index) => ({ ...rest, id: index + 1, word, severity })),
    );
}

export function byPath(all: readonly Finding[]): readonly (readonly [path: string, own: readonly Finding[]])[] {
  return [...Map.groupBy(all, ({ path }) => path)];
}

/** The fact that a linter's report on these is read as. */
export function codeIssues(all: readonly Finding[]): object {
  const open = all.filter(({ suppressed }) => !suppressed);
  const counts = { ...noSeverities };
  for (const { severity } of open) counts[severity] += 1;
  const items = open.map(({ rule, severity, path, line }) => ({ rule, severity, path, line })).toSorted(byText);
  return { kind: 'code-issues', counts, suppressed: all.length - open.length, items };
}

/** The fact that a security scanner's report on these is read as. */
export function securityIssues(scope: SecurityIssues['scope'], all: readonly Finding[]): object {
  return securityFact(
    scope,
    all.map(({ rule, severity, path, line, suppressed }) => ({
      ids: [rule],
      severity,
      path,
      line,
      ...(suppressed ? { suppressedBy: expect.any(String) as string } : {}),
    })),
  );
}

export function securityFact(scope: SecurityIssues['scope'], items: readonly object[]): object {
  return { kind: 'security-issues', scope, items: items.toSorted(byText) };
}
