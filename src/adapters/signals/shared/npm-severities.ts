import type { SeverityTable } from '../../../ports/signal-reader.ts';

/** The words of advisories in the npm registry, the same in npm, pnpm and yarn. */
export const npmSeverities: SeverityTable = {
  words: { critical: 'critical', high: 'high', moderate: 'medium', low: 'low', info: 'info' },
  note: "The advisory's own word, not the one that npm gives to the package that depends on it.",
};
