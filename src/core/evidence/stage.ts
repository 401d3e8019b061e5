import type { TestStage } from './evidence.ts';

const words: readonly (readonly [TestStage, RegExp])[] = [
  ['e2e', /(?:^|[/._-])(?:e2e|end-to-end|smoke|acceptance|playwright|cypress)(?:[/._-]|$)/i],
  ['integration', /(?:^|[/._-])(?:integration|itest|failsafe-reports)(?:[/._-]|$)/i],
  ['unit', /(?:^|[/._-])(?:unit|surefire-reports)(?:[/._-]|$)/i],
];

/** The stage that a report's path names as a whole word; null if it names none. */
export function stageOf(path: string): TestStage | null {
  return words.find(([, pattern]) => pattern.test(path))?.[0] ?? null;
}
