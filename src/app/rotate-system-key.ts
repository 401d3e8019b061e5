import { rotationStatement } from '../core/attest/rotation.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { KeyAt } from '../ports/key-files.ts';
import type { Trust } from './trust.ts';
import type { Workspace } from './workspace.ts';

type RotateDeps = Pick<Workspace, 'project' | 'store' | 'identity' | 'policy'> & Pick<Trust, 'keys' | 'clock'>;

/**
 * Gives the project a new system key and says so in the audit log, before and after. Where the log cannot be written
 * nothing is changed.
 * @throws AqeError 6xxx, AQE3010.
 */
export async function rotateSystemKey(deps: RotateDeps): Promise<{ readonly from: KeyAt; readonly to: KeyAt }> {
  const { project, store, keys, clock } = deps;
  await store.commit({}, [event(deps, 'intent', {})]);
  const at = clock.now().toISOString();
  const changed = await keys.rotateSystem(project, (from, to) => rotationStatement(from, to, at));
  const details = { from: changed.from.keyId, to: changed.to.keyId };
  try {
    await store.commit({}, [event(deps, 'done', details)]);
  } catch (error) {
    if (!(error instanceof AqeError)) throw error;
    throw new AqeError(
      error.code,
      `${error.detail}; the key is changed, and the audit log does not say so`,
      details,
      error,
    );
  }
  return changed;
}

function event(
  { identity, clock, policy }: RotateDeps,
  outcome: AuditEvent['outcome'],
  details: AuditEvent['details'],
): AuditEvent {
  return {
    id: identity.newId(),
    at: clock.now().toISOString(),
    action: 'key.rotated',
    outcome,
    actor: { id: identity.osUser(), method: 'os-user', key: null },
    service: policy.service,
    version: '',
    environment: policy.environment,
    // The same in both entries: by it the end is found that an intent has.
    target: 'system key',
    decisionDigest: null,
    reason: '',
    details,
  };
}
