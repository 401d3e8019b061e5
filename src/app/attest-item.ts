import { attestable } from '../core/checklist/evaluate-checklist.ts';
import { attestableMetrics, checklistItems } from '../core/checklist/items.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { nearest } from '../core/error/nearest.ts';
import type { ItemAttestation } from '../ports/store.ts';
import type { Workspace } from './workspace.ts';

/**
 * Records a person's word on a checklist item of a release. Nothing verifies the person, and the record says so.
 * @throws AqeError AQE3002 for an item that does not exist or that evidence alone answers; 6xxx.
 */
export async function attestItem(
  workspace: Workspace,
  word: { readonly version: string; readonly item: string; readonly by: string; readonly note: string },
): Promise<ItemAttestation> {
  const item = checklistItems.find((candidate) => candidate.id === word.item);
  const open = [...checklistItems.filter(attestable).map(({ id }) => id), ...Object.keys(attestableMetrics)];
  if (item && !attestable(item))
    throw new AqeError('AQE3002', `${item.id} is answered by evidence alone`, { items: open.join(', ') });
  if (!open.includes(word.item)) {
    const guess = nearest(word.item, open);
    throw new AqeError(
      'AQE3002',
      `there is no item ${JSON.stringify(word.item.slice(0, 60))}${guess ? `; did you mean ${guess}?` : ''}`,
      { items: open.join(', ') },
    );
  }
  const attestation: ItemAttestation = {
    id: workspace.identity.newId(),
    service: workspace.policy.service,
    ...word,
    identity: workspace.identity.osUser(),
    createdAt: workspace.clock.now().toISOString(),
  };
  await workspace.store.commit({ attestations: [attestation] }, [
    {
      id: workspace.identity.newId(),
      at: attestation.createdAt,
      action: 'attestation.recorded',
      outcome: 'done',
      actor: { id: attestation.identity, method: 'os-user', key: null },
      service: attestation.service,
      version: attestation.version,
      environment: workspace.policy.environment,
      target: attestation.item,
      decisionDigest: null,
      reason: attestation.note,
      details: { by: attestation.by },
    },
  ]);
  return attestation;
}
