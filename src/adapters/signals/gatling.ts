import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { gatlingLogSession, logStart } from './gatling/log.ts';
import { gatlingStatsSession, isStats } from './gatling/stats.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';

/** Gatling's `stats.json` and `global_stats.json`, and the `simulation.log` that was text up to version 3.9. */
export const gatling: SignalReader = {
  id: 'gatling',
  title: 'Gatling',
  gives: ['load'],
  names: ['global_stats.json', 'simulation.log'],
  countingUnit:
    'One request, groups excluded; failed is what Gatling calls KO. Percentiles of a log are by nearest rank, exact up to 65 s.',
  detects: ({ text }) => (/^\s*\{/.test(text) ? isStats(text) : logStart.test(text)),
  open: (file) =>
    byFirstCharacter(file, (first) => {
      if (first === '{') return gatlingStatsSession(file);
      if (first === '<')
        throw new AqeError('AQE2003', 'it is neither statistics nor a log of Gatling', { path: file.path });
      return gatlingLogSession(file);
    }),
};
