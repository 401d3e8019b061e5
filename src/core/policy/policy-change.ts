/** What a release changes in the policy that judges it. */
export interface PolicyChange {
  /** `uncommitted`: the policy in force is not the one of the release's commit. `unknown`: the old one cannot be read. */
  readonly kind: 'changed' | 'added' | 'uncommitted' | 'unknown';
  /** One line a part of the policy that differs. */
  readonly parts: readonly string[];
  readonly words: string;
  /**
   * What it needs: the stricter of what the old policy and the new one ask for, or the new one's word where it is read from a
   * revision that was named before this release.
   */
  readonly asks: 'approval' | 'report';
}
