import { compareForOneCommit, parseReleaseName, sameRelease, type ReleaseName } from './release-name.ts';

export interface Tag {
  readonly name: string;
  readonly commit: string;
}

/**
 * The tags that can be the release before `version`, by commit; of several at one commit the most telling name.
 * Only tags with the version's package prefix count; for a version without prefix those without, and if there are none all.
 * Pre-releases count only before a pre-release. The version's own tag never counts, however it is spelled.
 */
export function earlierReleaseTags(version: string, tags: Iterable<Tag>): ReadonlyMap<string, string> {
  const release = parseReleaseName(version);
  const prefix = release?.prefix ?? '';
  const named = [...tags]
    .map((tag) => ({ tag, parsed: parseReleaseName(tag.name) }))
    .filter((entry): entry is Named => entry.parsed !== null)
    .filter(({ tag, parsed }) => tag.name !== version && !(release && sameRelease(parsed, release)))
    .filter(({ parsed }) => release?.preRelease === true || !parsed.preRelease);
  const ofPackage = named.filter(({ parsed }) => parsed.prefix === prefix);
  const candidates = ofPackage.length > 0 || prefix !== '' ? ofPackage : named;
  const ordered = candidates.toSorted(
    (one, other) => compareForOneCommit(one.parsed, other.parsed) || (one.tag.name < other.tag.name ? -1 : 1),
  );
  const byCommit = new Map<string, string>();
  for (const { tag } of ordered) if (!byCommit.has(tag.commit)) byCommit.set(tag.commit, tag.name);
  return byCommit;
}

interface Named {
  readonly tag: Tag;
  readonly parsed: ReleaseName;
}
