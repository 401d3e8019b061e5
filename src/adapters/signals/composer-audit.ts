import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIdsIn } from './shared/advisory-ids.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { vulnerability } from './shared/vulnerability.ts';

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', medium: 'medium', moderate: 'medium', low: 'low' },
  note: 'Composer before 2.7 names no severity: its findings are unknown. Entries of filter lists are unknown too.',
};

const schemas = onFirstUse(() => {
  const source = z.object({ name: text, remoteId: text });
  const advisory = z.object({
    advisoryId: text,
    packageName: text,
    title: text,
    cve: text,
    link: text,
    severity: text,
    sources: z.nullish(z.array(source)),
    ignoreReason: text,
  });
  const filtered = z.object({ packageName: text, listName: text, id: text, reason: text, url: text });
  // PHP writes an empty map as a list, and a list that lost members as a map.
  const listOf = <S extends z.ZodMiniType>(one: S) => z.union([z.array(one), z.record(z.string(), one)]);
  const byPackage = <S extends z.ZodMiniType>(one: S) =>
    z.union([z.array(z.never()), z.record(z.string(), listOf(one))]);
  const anyMap = z.nullish(z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]));
  return {
    advisory,
    filtered,
    report: z.object({
      advisories: byPackage(advisory),
      'ignored-advisories': z.nullish(byPackage(advisory)),
      filter: z.nullish(byPackage(filtered)),
      abandoned: anyMap,
      'unreachable-repositories': anyMap,
    }),
  };
});

type Schemas = ReturnType<typeof schemas>;
type Advisory = z.infer<Schemas['advisory']>;
type Filtered = z.infer<Schemas['filtered']>;

/** `composer audit --format=json`. Abandoned packages are no vulnerabilities: they are counted in a notice. */
export const composerAudit: SignalReader = {
  id: 'composer-audit',
  title: 'Composer audit JSON',
  gives: ['security-issues'],
  names: ['composer-audit*.json'],
  countingUnit: 'One advisory for one package; ignored ones are kept with the reason. Abandoned packages do not count.',
  severities: severityTable,
  detects: (head) => isAudit(objectOf(jsonHead(head.text)), head.text),
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file.path)),
};

const ownKeys = ['advisories', 'ignored-advisories', 'filter', 'abandoned', 'unreachable-repositories'];

function isAudit(root: Readonly<Record<string, unknown>>, start: string): boolean {
  const { advisories } = root;
  if (Array.isArray(advisories))
    return advisories.length === 0 && Object.keys(root).every((key) => ownKeys.includes(key));
  const [first] = Object.values(objectOf(advisories));
  if (first === undefined)
    return 'abandoned' in root && 'advisories' in root && Object.keys(root).every((key) => ownKeys.includes(key));
  // One package with its advisories may be longer than the head.
  const [advisory] = Array.isArray(first) ? (first as readonly unknown[]) : Object.values(objectOf(first));
  return 'advisoryId' in objectOf(advisory) || (Array.isArray(first) && start.includes('"advisoryId"'));
}

function toReading(report: z.infer<Schemas['report']>, path: string): Reading {
  const unreachable = Object.keys(report['unreachable-repositories'] ?? []).length;
  if (unreachable > 0)
    throw new AqeError('AQE2006', `repositories of advisories that could not be reached: ${unreachable}`, { path });
  const abandoned = Object.keys(report.abandoned ?? []).length;
  return {
    producer: { name: 'composer audit' },
    facts: [
      {
        kind: 'security-issues',
        scope: 'dependencies',
        items: [
          ...all(report.advisories).map(([name, advisory]) => fromAdvisory(name, advisory)),
          ...all(report['ignored-advisories']).map(([name, advisory]) =>
            fromAdvisory(name, advisory, advisory.ignoreReason || 'ignored by the Composer configuration'),
          ),
          ...all(report.filter).map(([name, entry]) => fromFilter(name, entry)),
        ],
        scanned: null,
      },
    ],
    notices: abandoned > 0 ? [`abandoned packages: ${abandoned}`] : [],
  };
}

type ByPackage<T> = readonly never[] | Readonly<Record<string, readonly T[] | Readonly<Record<string, T>>>>;

function all<T>(map: ByPackage<T> | null | undefined): readonly (readonly [string, T])[] {
  return Object.entries(map ?? {}).flatMap(([name, list]) => Object.values(list).map((one: T) => [name, one] as const));
}

function fromAdvisory(name: string, advisory: Advisory, suppressedBy?: string): SecurityIssue {
  const remote = (advisory.sources ?? []).flatMap(({ remoteId }) => advisoryIdsIn(remoteId ?? ''));
  return vulnerability({
    ids: [advisory.cve, ...advisoryIdsIn(advisory.link ?? ''), ...remote, advisory.advisoryId],
    severity: severityIn(severityTable, advisory.severity),
    title: advisory.title,
    component: advisory.packageName ?? name,
    suppressedBy,
  });
}

/** A package that a list of malware or of the company forbids. */
function fromFilter(name: string, entry: Filtered): SecurityIssue {
  return vulnerability({
    ids: [entry.id || entry.listName],
    severity: 'unknown',
    title: entry.reason || `On the list ${entry.listName ?? 'of filtered packages'}`,
    component: entry.packageName ?? name,
  });
}
