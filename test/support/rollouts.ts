import type { RolloutConfig } from '../../src/config/rollout-schema.ts';

/** A section `rollout` with a text in every place where a person writes one. Texts are at most 180 characters long. */
export function rolloutWith(texts: readonly string[]): RolloutConfig {
  const some = texts.slice(0, 40);
  return {
    strategy: 'canary',
    router: { kind: 'nginx', name: texts[0] ?? '' },
    rollback: {
      owner: `team ${texts[1]}`,
      steps: some.map((text) => ({ action: `run ${text}`, owner: text })),
      backups: some.map((text) => ({ what: text, location: `in ${text}` })),
      communication: texts.slice(-40).map((text) => ({ notify: text, when: `if ${text}` })),
    },
  };
}
