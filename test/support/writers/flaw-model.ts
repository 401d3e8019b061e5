/** What an audit of dependencies found, in no format. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SecurityIssues, Severity } from '../../../src/core/evidence/reading.ts';
import type { Document } from '../round-trip.ts';
import { anyPath, anyText, jsonStyle, luck, writeJson, type JsonStyle, type Luck } from './documents.ts';
import { securityFact, type Word } from './finding-model.ts';

export interface Flaw {
  readonly id: number;
  readonly cve: string;
  readonly ghsa: string;
  readonly component: string;
  readonly version: string;
  readonly fixedIn: string;
  readonly word: string;
  readonly severity: Severity;
  readonly title: string;
  readonly path: string;
  readonly suppressed: boolean;
}

const components = ['lodash', 'axios', 'left-pad', 'constructor', 'Newtonsoft.Json'];

export function flawsOf(words: readonly Word[], canSuppress = false): fc.Arbitrary<readonly Flaw[]> {
  const flaw = fc.record({
    component: fc.constantFrom(...components),
    word: fc.constantFrom(...words),
    title: anyText,
    suppressed: canSuppress ? fc.boolean() : fc.constant(false),
  });
  const paths = fc.tuple(...components.map(() => anyPath));
  return fc.tuple(fc.array(flaw, { maxLength: 8 }), paths).map(([all, places]) =>
    all.map(({ word: [word, severity], ...rest }, index) => {
      const at = components.indexOf(rest.component);
      return {
        ...rest,
        id: index + 1,
        cve: `CVE-2026-${10_001 + index}`,
        ghsa: `GHSA-abcd-efgh-${String(index + 1).padStart(4, '0')}`,
        // A component has one version and one place.
        version: `1.${at}.3`,
        fixedIn: `2.${at}.0`,
        path: places[at]!,
        word,
        severity,
      };
    }),
  );
}

export type Part = 'cve' | 'ghsa';

export function issuesOf(
  all: readonly Flaw[],
  ids: readonly Part[],
  more: (flaw: Flaw) => object = () => ({}),
): readonly object[] {
  return all.map((flaw) => ({
    ids: ids.map((part) => flaw[part]),
    severity: flaw.severity,
    component: flaw.component,
    ...(flaw.suppressed ? { suppressedBy: expect.any(String) as string } : {}),
    ...more(flaw),
  }));
}

export const versioned = ({ version: componentVersion }: Flaw): object => ({ componentVersion });

export function byComponent(all: readonly Flaw[]): readonly (readonly [component: string, own: readonly Flaw[]])[] {
  return [...Map.groupBy(all, ({ component }) => component)];
}

export type Write = (all: readonly Flaw[], of: Luck) => unknown;

export interface JsonFormat {
  readonly path: string;
  readonly flaws: fc.Arbitrary<readonly Flaw[]>;
  readonly scope?: SecurityIssues['scope'];
  readonly items: (all: readonly Flaw[]) => readonly object[];
  readonly write: Write;
  readonly text?: (value: unknown, style: JsonStyle) => string;
}

export function jsonDocuments({
  path,
  flaws,
  scope = 'dependencies',
  items,
  write,
  text = writeJson,
}: JsonFormat): fc.Arbitrary<Document> {
  return fc.record({ all: flaws, style: jsonStyle, of: luck }).map(({ all, style, of }) => ({
    path,
    text: text(write(all, of), style),
    expected: [securityFact(scope, items(all))],
  }));
}

export const upperWords: readonly Word[] = [
  ['CRITICAL', 'critical'],
  ['HIGH', 'high'],
  ['MEDIUM', 'medium'],
  ['LOW', 'low'],
  ['UNKNOWN', 'unknown'],
];

export const lowerWords: readonly Word[] = [
  ['critical', 'critical'],
  ['high', 'high'],
  ['medium', 'medium'],
  ['low', 'low'],
];

export const dotnetWords: readonly Word[] = [
  ['Critical', 'critical'],
  ['High', 'high'],
  ['Moderate', 'medium'],
  ['Low', 'low'],
];
