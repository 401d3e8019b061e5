import { resolve } from 'node:path';
import type { LintFacts } from '../config/lint-facts.ts';
import { policyOf, policyThen, type ConfigOptions, type LoadedConfig } from '../config/load.ts';
import { isFile, readConfigText } from '../config/locate.ts';
import { parseConfig } from '../config/parse.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { isMappable, metricIds, metricOf, type MetricId } from '../core/signal/metrics.ts';
import { newCodeOf } from '../core/signal/new-code.ts';
import type { PolicyDesk } from '../ports/policy-desk.ts';
import type { PolicyHistory } from '../ports/policy-history.ts';
import type { SignalReader } from '../ports/signal-reader.ts';

interface DeskParts {
  readonly cwd: string;
  readonly options: ConfigOptions;
  readonly loaded: LoadedConfig;
  readonly history: PolicyHistory;
  readonly readers: readonly SignalReader[];
  readonly isFromRevision: boolean;
}

/** See the port. Names of files are relative to `cwd`. */
export function policyDesk({ cwd, options, loaded, history, readers, isFromRevision }: DeskParts): PolicyDesk {
  const ofKeys = { keysIn: async () => loaded.keys };
  return {
    async facts() {
      const { lintFacts } = await import('../config/lint-facts.ts');
      const facts: LintFacts = lintFacts(loaded);
      return { ...facts, givenMetrics: givenMetrics(readers, loaded), isFromRevision };
    },
    placeOf: (path) => loaded.placeOf(path),
    async policyFor({ environment, service }) {
      if (environment === undefined && service === undefined) return loaded.policy;
      return policyOf(loaded, { ...options, ...(environment && { environment }), ...(service && { service }) });
    },
    async named(name) {
      if (name === '.') return { name: 'the policy in force', policy: loaded.policy };
      const path = resolve(cwd, name);
      if (isFile(path)) {
        const parsed = await parseConfig(name, readConfigText(path));
        const { policy } = await policyThen(loaded, { ...options, ...ofKeys }, { shown: name, parsed });
        return { name, policy };
      }
      const { policy, present } = await history.at(name).catch((cause: unknown) => {
        if (!(cause instanceof AqeError) || cause.code !== 'AQE2012') throw cause;
        throw new AqeError('AQE2012', `there is neither a file nor a revision ${JSON.stringify(name)}`, {}, cause);
      });
      if (!present) throw new AqeError('AQE3040', `${JSON.stringify(name)} has no config file`, { ref: name });
      return { name, policy };
    },
    async cases(path) {
      const { parseCases } = await import('../config/parse-cases.ts');
      return parseCases(path, caseText(resolve(cwd, path), path));
    },
  };
}

function caseText(file: string, path: string): string {
  try {
    return readConfigText(file);
  } catch (cause) {
    if (!(cause instanceof AqeError)) throw cause;
    throw new AqeError('AQE3041', `it cannot be read: ${cause.detail}`, { path }, cause);
  }
}

/** What reports, mappings, version control or people can answer at all. */
function givenMetrics(readers: readonly SignalReader[], { policy }: LoadedConfig): ReadonlySet<MetricId> {
  const kinds = new Set<string>(['git', 'outcomes', 'person', ...readers.flatMap(({ gives }) => gives)]);
  const stated = new Set<string>(readers.flatMap(({ measures = [] }) => measures));
  const mapped = new Set(policy.evidence.mappings.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)));
  const given = metricIds.filter((metric) => {
    const { from } = metricOf(metric);
    return (isMappable(metric) && mapped.has(metric)) || (from === 'measure' ? stated.has(metric) : kinds.has(from));
  });
  return new Set([...given, ...given.flatMap((metric) => newCodeOf[metric] ?? [])]);
}
