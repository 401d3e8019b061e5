import type { Deployment } from '../history/outcome.ts';
import type { ReleaseModel } from './release-model.ts';

/** What a decision knows of what became of earlier releases. */
export interface Learned {
  readonly model: ReleaseModel;
  /** The newest deployments, oldest first. */
  readonly recent: readonly Deployment[];
}
