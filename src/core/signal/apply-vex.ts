import { packageName, parsePurl } from '../evidence/purl.ts';
import type { SecurityIssue, VexStatement } from '../evidence/reading.ts';
import { groupFindings, type FoundIssue } from './merge-security.ts';

export interface SourcedStatement {
  /** Path of the document. */
  readonly source: string;
  readonly statement: VexStatement;
}

export interface JudgedIssues {
  /** Findings that are the same one, together; one that a statement takes away is suppressed. */
  readonly groups: readonly (readonly FoundIssue[])[];
  /** Documents of which at least one statement took a finding away or added one. */
  readonly appliedFrom: readonly string[];
  /** Statements that are on none of the findings, by document. */
  readonly idle: ReadonlyMap<string, number>;
}

/**
 * Groups findings and lets VEX statements judge them. A statement is on a finding when they share an identifier and the
 * component, and the version where the statement and the finding both name one. `not_affected` and `fixed` take a finding
 * away unless another statement on it says `affected` or `under_investigation`: the worst counts. An `affected` statement
 * on a component in which no report has found the vulnerability is an open finding of unknown severity.
 */
export function judgeFindings(found: readonly FoundIssue[], statements: readonly SourcedStatement[]): JudgedIssues {
  const groups = groupFindings(found);
  if (statements.length === 0) return { groups, appliedFrom: [], idle: new Map() };
  const index = indexOf(statements);
  const matched = new Set<SourcedStatement>();
  const applied = new Set<string>();
  const reported = new Set<string>();

  // One by one and not merged: the versions of a component are one finding, and a statement may be on one of them.
  const judged = groups.map((group) => {
    const ids = [...new Set(group.flatMap(({ issue }) => issue.ids.map((id) => id.toUpperCase())))];
    const { component } = group[0]!.issue;
    const keys = component === undefined ? [] : ids.flatMap((id) => namesOf(component).map((name) => keyOf(id, name)));
    for (const key of [...ids, ...keys]) reported.add(key);
    const judgements = new Map<string | undefined, SourcedStatement | undefined>();
    return group.map(({ source, issue }): FoundIssue => {
      const version = issue.componentVersion;
      if (!judgements.has(version)) {
        const said = new Set(keys.flatMap((key) => index(key, version)));
        for (const one of said) matched.add(one);
        judgements.set(version, takenAwayBy([...said]));
      }
      const away = issue.suppressedBy === undefined ? judgements.get(version) : undefined;
      if (!away) return { source, issue };
      applied.add(away.source);
      return { source, issue: { ...issue, suppressedBy: suppression(away) } };
    });
  });

  const added: FoundIssue[] = [];
  for (const of of statements) {
    const { status, ids } = of.statement;
    if (status !== 'affected') continue;
    const known = (name: string | undefined): boolean =>
      ids.some((id) => reported.has(name === undefined ? id.toUpperCase() : keyOf(id, name)));
    const targets = targetsOf(of.statement);
    const unknown = targets.filter((target) => !namesOf(target).some(known));
    const nowhere = targets.length === 0 && !known(undefined);
    for (const target of nowhere ? [undefined] : unknown)
      added.push({ source: of.source, issue: affectedIssue(of.statement, target) });
    if (nowhere || unknown.length > 0) {
      matched.add(of);
      applied.add(of.source);
    }
  }

  const idle = new Map<string, number>();
  for (const one of statements) if (!matched.has(one)) idle.set(one.source, (idle.get(one.source) ?? 0) + 1);
  return {
    groups: [...judged, ...groupFindings(added)],
    appliedFrom: [...applied].sort(compare),
    idle,
  };
}

/** The worst statement counts; of several that take the finding away, always the same one is named. */
function takenAwayBy(said: readonly SourcedStatement[]): SourcedStatement | undefined {
  const isOpen = said.some(({ statement: { status } }) => status === 'affected' || status === 'under_investigation');
  return isOpen ? undefined : said.toSorted((a, b) => compare(suppression(a), suppression(b)))[0];
}

/** The statements under a key of identifier and name: those on the version and on any, or all if the version is not known. */
type StatementIndex = (key: string, version: string | undefined) => readonly SourcedStatement[];

function indexOf(statements: readonly SourcedStatement[]): StatementIndex {
  const all = new Map<string, SourcedStatement[]>();
  const ofVersion = new Map<string, SourcedStatement[]>();
  const add = (map: Map<string, SourcedStatement[]>, key: string, of: SourcedStatement): void => {
    const known = map.get(key);
    if (known) known.push(of);
    else map.set(key, [of]);
  };
  for (const of of statements)
    for (const target of targetsOf(of.statement)) {
      const versions = versionsOf(target);
      for (const id of of.statement.ids)
        for (const name of namesOf(target)) {
          const key = keyOf(id, name);
          add(all, key, of);
          for (const version of versions) add(ofVersion, `${key}\n${version}`, of);
        }
    }
  return (key, version) =>
    version === undefined
      ? (all.get(key) ?? [])
      : [
          ...(ofVersion.get(`${key}\n${plainVersion(version)}`) ?? []),
          ...(ofVersion.get(`${key}\n${anyVersion}`) ?? []),
        ];
}

/** The components; a product by itself, only if its package URL says which component it is. */
function targetsOf({ components, products, status }: VexStatement): readonly string[] {
  if (components.length > 0) return components;
  const known = products.filter((product) => parsePurl(product) !== null);
  // Whatever is affected must not be lost, under whichever name.
  return known.length > 0 || status !== 'affected' ? known : products;
}

/** All names, in lower case, under which reports may know the component. */
function namesOf(component: string): readonly string[] {
  const purl = parsePurl(component);
  const name = (purl ? packageName(purl) : component).toLowerCase();
  // Some scanners know Maven packages without their group; Python does not tell `_`, `.` and `-` apart.
  if (purl?.type === 'maven') return [...new Set([name, purl.name.toLowerCase()])];
  return purl?.type === 'pypi' || purl === null ? [...new Set([name, name.replace(/[-_.]+/g, '-')])] : [name];
}

const anyVersion = '*';

function versionsOf(component: string): readonly string[] {
  const purl = parsePurl(component);
  if (!purl?.version) return [anyVersion];
  return [purl.version, ...(purl.epoch ? [`${purl.epoch}:${purl.version}`] : [])].map(plainVersion);
}

/** Go and Git tags write a `v` before the number. */
function plainVersion(version: string): string {
  return version.replace(/^v(?=\d)/i, '');
}

function keyOf(id: string, name: string): string {
  return `${id.toUpperCase()}\n${name}`;
}

function affectedIssue({ ids, reason, products }: VexStatement, target: string | undefined): SecurityIssue {
  const purl = parsePurl(target ?? '');
  const within = products.find((product) => product !== target);
  return {
    ids,
    severity: 'unknown',
    cvss: null,
    title: `stated as affected${within ? ` in ${within}` : ''}${reason ? `: ${reason}` : ''}`,
    ...(target === undefined ? {} : { component: purl ? packageName(purl) : target }),
    ...(purl?.version ? { componentVersion: purl.version } : {}),
  };
}

function suppression({ source, statement: { status, reason } }: SourcedStatement): string {
  return `VEX ${status}${reason ? `: ${reason}` : ''} (${source})`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
