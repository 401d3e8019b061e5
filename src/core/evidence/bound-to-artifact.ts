import type { EvidenceRecord } from './evidence.ts';

/** Evidence that was stamped for another artifact than the one that is to be released says nothing of it. */
export function boundToArtifact(
  evidence: readonly EvidenceRecord[],
  artifact: string | null,
): readonly EvidenceRecord[] {
  if (artifact === null) return evidence;
  return evidence.map((record) =>
    record.state === 'measured' && record.artifact !== null && record.artifact !== artifact
      ? { ...record, state: 'stale', reason: `stamped for the artifact ${record.artifact}, the release is ${artifact}` }
      : record,
  );
}
