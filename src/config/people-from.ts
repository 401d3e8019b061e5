import type {
  ApprovalPolicy,
  ApprovalRequirement,
  EmergencyPolicy,
  OverridePolicy,
  Person,
  Role,
} from '../core/policy/people.ts';
import type { Waiver } from '../core/policy/waiver.ts';
import type { FreezeRule } from '../core/freeze/freeze.ts';
import { defaultConfig } from './defaults.ts';
import { parseDuration } from './duration.ts';
import type { EffectiveConfig } from './effective-config.ts';

/** Public keys found in `keys_directory`, by person. */
export type KeysOnDisk = Readonly<Record<string, readonly string[]>>;

const day = 86_400_000;

export function peopleFrom({ people }: EffectiveConfig, onDisk: KeysOnDisk): readonly Person[] {
  const ids = new Set([...Object.keys(people), ...Object.keys(onDisk)].map((id) => id.toLowerCase()));
  return [...ids].sort().map((id) => {
    const entry = Object.entries(people).find(([each]) => each.toLowerCase() === id)?.[1];
    const files = Object.entries(onDisk).find(([each]) => each.toLowerCase() === id)?.[1] ?? [];
    return {
      id,
      name: entry?.name ?? null,
      aliases: (entry?.aliases ?? []).map((alias) => alias.toLowerCase()),
      keys: [...new Set([...(entry?.key ? [entry.key] : []), ...(entry?.keys ?? []), ...files])],
    };
  });
}

export function rolesFrom({ roles, groups }: EffectiveConfig): readonly Role[] {
  return Object.entries(roles).map(([name, members]) => ({
    name,
    people: [
      ...new Set(
        members.flatMap((member) => {
          const of = member.startsWith('group:') ? (groups[member.slice('group:'.length)] ?? []) : [member];
          return of.map((each) => each.toLowerCase());
        }),
      ),
    ],
  }));
}

export function approvalsFrom({ approvals }: EffectiveConfig): ApprovalPolicy {
  const { required = [], escalation = [] } = approvals;
  const asked = required.map(({ name, when, from = [], count = 1 }, index): ApprovalRequirement => ({
    name: name ?? `${when}${required.filter((each) => each.when === when).length > 1 ? ` ${index + 1}` : ''}`,
    when,
    roles: from,
    count,
  }));
  // Whoever says nothing of a kind gets the default for it.
  const defaults = (['high-risk', 'policy-change'] as const)
    .filter((when) => !asked.some((each) => each.when === when))
    .map((when): ApprovalRequirement => ({ name: when, when, roles: [], count: 1 }));
  return {
    required: [...asked, ...defaults],
    allowAuthor: approvals.allow_author ?? false,
    allowUnverified: approvals.allow_unverified ?? false,
    expiresAfter: parseDuration(approvals.expires_after ?? defaultConfig.approvals.expires_after)!,
    escalation: escalation.map(({ after, to }) => ({ after: parseDuration(after)!, to })),
  };
}

export function overridesFrom({ gate_overrides: overrides }: EffectiveConfig): OverridePolicy {
  const roles = overrides.requires_approval_from ?? [];
  return {
    enabled: overrides.enabled ?? true,
    requiresApprovalFrom: roles,
    count: overrides.min_approvals ?? Math.max(1, roles.length),
    justificationRequired: overrides.override_justification_required ?? true,
    auditLog: overrides.audit_log ?? true,
    maxDuration: parseDuration(overrides.max_duration ?? defaultConfig.gate_overrides.max_duration)!,
  };
}

export function emergencyFrom({ emergency }: EffectiveConfig): EmergencyPolicy {
  const { from, count, review_within: review, expires_after: expires } = defaultConfig.emergency;
  return {
    roles: emergency.from ?? from,
    count: emergency.count ?? count,
    reviewWithin: parseDuration(emergency.review_within ?? review)!,
    expiresAfter: parseDuration(emergency.expires_after ?? expires)!,
  };
}

export function waiversFrom({ waivers }: EffectiveConfig): readonly Waiver[] {
  return waivers.map(
    ({ gate = null, rule = null, finding = null, package: name = null, reason, approver, expires }) => ({
      scope: { gate, rule, finding, package: name },
      reason,
      approver,
      expires: new Date(Date.parse(`${expires}T00:00:00Z`) + day).toISOString(),
    }),
  );
}

export function freezesFrom({ freezes }: EffectiveConfig): readonly FreezeRule[] {
  return freezes.map(({ name, environments, regions, zone, start, end, duration, rrule, reason }) => ({
    name,
    environments: environments ?? null,
    regions: regions ?? null,
    zone,
    start,
    end: end ?? null,
    durationMs: duration === undefined ? null : parseDuration(duration),
    rrule: rrule ?? null,
    reason: reason ?? '',
  }));
}
