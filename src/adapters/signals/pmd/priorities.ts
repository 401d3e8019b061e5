import type { SeverityTable } from '../../../ports/signal-reader.ts';

export const priorities: SeverityTable = {
  words: { '1': 'critical', '2': 'high', '3': 'medium', '4': 'low', '5': 'info' },
  note: 'The words are the priorities of rules, 1 (high) to 5 (low). A file that PMD could not process is critical.',
};
