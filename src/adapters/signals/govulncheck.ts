import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { cvssBestScore } from './shared/cvss.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { cvssSeverity, severityIn } from './shared/severity.ts';
import { vulnerability } from './shared/vulnerability.ts';

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', moderate: 'medium', medium: 'medium', low: 'low' },
  note: 'The Go database names no severities: without a word or a CVSS vector in the entry a vulnerability is unknown.',
};

const schemas = onFirstUse(() => {
  const osv = z.object({
    id: z.string().check(z.minLength(1)),
    aliases: z.nullish(z.array(z.string())),
    summary: text,
    details: text,
    severity: z.nullish(z.union([z.string(), z.array(z.object({ score: text }))])),
    database_specific: z.nullish(z.object({ severity: z.optional(z.unknown()) })),
  });
  const frame = z.object({ module: text, version: text, package: text, function: text });
  const oldModule = z.object({
    path: text,
    found_version: text,
    fixed_version: text,
    packages: z.nullish(z.array(z.object({ callstacks: z.nullish(z.array(z.unknown())) }))),
  });
  const message = z.object({
    config: z.nullish(z.object({ scanner_name: text, scanner_version: text, scan_level: text })),
    osv: z.nullish(osv),
    finding: z.nullish(z.object({ osv: z.string(), fixed_version: text, trace: z.nullish(z.array(frame)) })),
    SBOM: z.nullish(z.object({ modules: z.nullish(z.array(z.unknown())) })),
    vulnerability: z.nullish(z.object({ osv, modules: z.nullish(z.array(oldModule)) })),
  });
  const early = z.object({
    Vulns: z.nullish(
      z.array(
        z.object({
          OSV: osv,
          // January 2023 and before: one entry for each symbol.
          ModPath: text,
          CallSink: z.nullish(z.number()),
          RequireSink: z.nullish(z.number()),
          Modules: z.nullish(
            z.array(
              z.object({
                Path: text,
                FoundVersion: text,
                FixedVersion: text,
                Packages: z.nullish(z.array(z.object({ CallStacks: z.nullish(z.array(z.unknown())) }))),
              }),
            ),
          ),
        }),
      ),
    ),
    Requires: z.nullish(z.object({ Modules: z.nullish(z.record(z.string(), z.object({ Version: text }))) })),
    Modules: z.nullish(z.array(z.unknown())),
  });
  return { osv, message, early };
});

type Schemas = ReturnType<typeof schemas>;
type Osv = z.infer<Schemas['osv']>;

/** What the findings say of one vulnerability. */
interface Found {
  readonly module: string | null | undefined;
  readonly version: string | null | undefined;
  readonly fixedIn: Set<string>;
  called: boolean;
}

/**
 * `govulncheck -json`: messages one after the other, also collected in a list, and the single objects of versions before 0.1.
 * An entry of the database without a finding does not concern the program.
 */
export const govulncheck: SignalReader = {
  id: 'govulncheck',
  title: 'govulncheck JSON',
  gives: ['security-issues'],
  names: ['govulncheck*.json'],
  countingUnit:
    'One vulnerability that concerns the program, however many modules and call stacks it has. What is never called does not affect the program: it is kept with that reason, unless calls were not looked at (`-scan module` or `package`).',
  severities: severityTable,
  detects(head) {
    const value = jsonHead(head.text);
    const first = objectOf(Array.isArray(value) ? value[0] : value);
    const config = objectOf(first['config']);
    if ('scanner_name' in config || 'protocol_version' in config) return true;
    if (Array.isArray(value)) return false;
    const { Calls: calls, Vulns: found } = first;
    if ('Functions' in objectOf(calls)) return true;
    return found === null || (Array.isArray(found) && (found.length === 0 || 'OSV' in objectOf(found[0])));
  },
  open(file) {
    const scan = new Scan(file);
    return jsonSequenceSession(file, { value: (value) => scan.add(value), finish: () => scan.reading() });
  },
};

class Scan {
  readonly #file: { readonly path: string };
  readonly #entries = new Map<string, Osv>();
  readonly #found = new Map<string, Found>();
  #isKnown = false;
  #version: string | undefined;
  #level = 'symbol';
  #scanned: number | null = null;

  constructor(file: { readonly path: string }) {
    this.#file = file;
  }

  add(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.add(one);
    else if (['Vulns', 'Calls', 'Requires'].some((key) => key in objectOf(value))) this.#addEarly(value);
    else this.#addMessage(value);
  }

  #addMessage(value: unknown): void {
    const { config, osv, finding, SBOM: parts, vulnerability: old } = checkShape(this.#file, schemas().message, value);
    if (config) {
      this.#isKnown = true;
      this.#version = config.scanner_version ?? undefined;
      this.#level = config.scan_level || 'symbol';
    }
    if (parts?.modules) this.#scanned = parts.modules.length;
    if (osv) this.#entries.set(osv.id, osv);
    if (finding) {
      const [sink] = finding.trace ?? [];
      this.#addFinding(finding.osv, sink?.module, sink?.version, finding.fixed_version, Boolean(sink?.function));
    }
    if (!old) return;
    this.#entries.set(old.osv.id, old.osv);
    for (const { path, found_version, fixed_version, packages } of old.modules ?? []) {
      const called = packages?.some(({ callstacks }) => (callstacks?.length ?? 0) > 0) ?? false;
      this.#addFinding(old.osv.id, path, found_version, fixed_version, called);
    }
  }

  #addEarly(value: unknown): void {
    const { Vulns: all, Requires: requires, Modules: modules } = checkShape(this.#file, schemas().early, value);
    this.#isKnown = true;
    if (modules) this.#scanned = modules.length;
    const versions = new Map(Object.entries(requires?.Modules ?? {}));
    for (const { OSV: osv, ModPath: module, CallSink: call, RequireSink: require, Modules: found } of all ?? []) {
      this.#entries.set(osv.id, osv);
      for (const { Path: path, FoundVersion, FixedVersion, Packages: packages } of found ?? []) {
        const called = packages?.some(({ CallStacks: stacks }) => (stacks?.length ?? 0) > 0) ?? false;
        this.#addFinding(osv.id, path, FoundVersion, FixedVersion, called);
      }
      if (!found) this.#addFinding(osv.id, module, versions.get(String(require))?.Version, null, Boolean(call));
    }
  }

  #addFinding(
    id: string,
    module: Found['module'],
    version: Found['version'],
    fixed: Found['module'],
    called: boolean,
  ): void {
    const known = this.#found.get(id) ?? { module, version, fixedIn: new Set(), called: false };
    this.#found.set(id, known);
    known.called ||= called;
    if (fixed) known.fixedIn.add(fixed);
  }

  reading(): Reading {
    if (!this.#isKnown)
      throw new AqeError('AQE2003', 'no message says how the scan was configured', { path: this.#file.path });
    const looksAtCalls = this.#level === 'symbol';
    const items = [...this.#found].map(([id, found]) =>
      toIssue(this.#entries.get(id) ?? { id }, found, looksAtCalls && !found.called),
    );
    const others = this.#entries.size - items.filter(({ ids }) => ids.some((id) => this.#entries.has(id))).length;
    return {
      producer: { name: 'govulncheck', ...(this.#version ? { version: this.#version } : {}) },
      facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: this.#scanned }],
      notices: [
        ...(looksAtCalls ? [] : [`calls were not looked at (scan level ${this.#level.slice(0, 20)})`]),
        ...(others > 0 ? [`entries of the database that do not concern the program: ${others}`] : []),
      ],
    };
  }
}

function toIssue(osv: Osv, { module, version, fixedIn }: Found, isUncalled: boolean): SecurityIssue {
  const { severity } = osv;
  const stated = typeof severity === 'string' ? severity : osv.database_specific?.severity;
  const word = severityIn(severityTable, typeof stated === 'string' ? stated : undefined);
  const cvss = Array.isArray(severity) ? cvssBestScore(severity.flatMap(({ score }) => score ?? [])) : null;
  return vulnerability({
    ids: [...(osv.aliases ?? []), osv.id],
    severity: word === 'unknown' && cvss !== null ? cvssSeverity(cvss) : word,
    cvss,
    title: osv.summary || osv.details,
    component: module,
    version,
    fixedIn: [...fixedIn],
    suppressedBy: isUncalled ? 'the vulnerable code is not called (call analysis)' : undefined,
  });
}
