import { packageName, parsePurl } from '../../../core/evidence/purl.ts';
import type { Reading, SecurityIssue } from '../../../core/evidence/reading.ts';
import { advisoryIds, advisoryIdsIn } from '../shared/advisory-ids.ts';
import { zonedTime } from '../shared/zoned-time.ts';

/** A document of version 2, in whichever syntax. */
export interface SpdxDocument {
  readonly creators: readonly string[];
  readonly created: string | undefined;
  readonly packages: readonly SpdxPackage[];
}

export interface SpdxPackage {
  readonly name: string;
  readonly version: string | undefined;
  readonly references: readonly SpdxReference[];
}

export interface SpdxReference {
  readonly category: string;
  readonly type: string;
  readonly locator: string;
}

export const noScan = 'a list of packages without vulnerabilities is no scan: nothing is known of their security';

/** Version 2 has no place for vulnerabilities: packages refer to the advisories about them. */
export function readingOfDocument({ creators, created, packages }: SpdxDocument): Reading {
  const items = packages.flatMap(issuesOf);
  const takenAt = zonedTime(created);
  return {
    producer: producerOf(creators),
    ...(takenAt && items.length > 0 ? { takenAt } : {}),
    facts:
      items.length > 0 ? [{ kind: 'security-issues', scope: 'dependencies', items, scanned: packages.length }] : [],
    notices: items.length > 0 ? [] : [noScan],
  };
}

/** `Tool: syft-1.50.0`. */
function producerOf(creators: readonly string[]): Reading['producer'] {
  const tool = creators.flatMap((creator) => /^Tool:\s*(\S.*)$/i.exec(creator)?.[1]?.trim() ?? [])[0];
  const [, name, version] = /^(\S+?)-v?(\d\S*)$/.exec(tool ?? '') ?? [];
  return name && version ? { name, version } : { name: tool ?? 'spdx' };
}

/**
 * One for each identifier that a reference of the kinds that concern weaknesses names. CPE and SWID say which package it
 * is; a reference to a fix names what it fixes, and the advisory on it says whether this version needs it.
 */
function issuesOf(one: SpdxPackage): readonly SecurityIssue[] {
  const purl = one.references.map(({ type, locator }) => (type === 'purl' ? parsePurl(locator) : null)).find(Boolean);
  const component = purl ? packageName(purl) : one.name;
  const version = one.version || purl?.version;
  const ids = one.references
    .filter(({ category, type }) => /^security$/i.test(category) && (type === 'advisory' || type === 'url'))
    .flatMap(({ locator }) => advisoryIdsIn(locator));
  return advisoryIds(ids).map((id) => ({
    ids: [id],
    severity: 'unknown',
    cvss: null,
    title: `${id} in ${component}`,
    component,
    ...(version ? { componentVersion: version } : {}),
  }));
}
