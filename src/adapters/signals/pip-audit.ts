import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { vulnerability } from './shared/vulnerability.ts';

const schemas = onFirstUse(() => {
  const vuln = z.object({
    id: z.string(),
    fix_versions: z.nullish(z.array(z.string())),
    aliases: z.nullish(z.array(z.string())),
    description: text,
  });
  const dependency = z.union([
    z.object({ name: z.string(), skip_reason: z.string() }),
    z.object({ name: z.string(), version: z.string(), vulns: z.array(vuln) }),
  ]);
  const dependencies = z.array(dependency);
  return {
    dependency,
    report: z.union([
      z.object({ dependencies }),
      z.pipe(
        dependencies,
        z.transform((list) => ({ dependencies: list })),
      ),
    ]),
  };
});

type Schemas = ReturnType<typeof schemas>;

/** `pip-audit --format=json`: an object with `dependencies`, before version 2.4 the bare list. It knows no severities. */
export const pipAudit: SignalReader = {
  id: 'pip-audit',
  title: 'pip-audit JSON',
  gives: ['security-issues'],
  names: ['pip-audit*.json', 'pip_audit*.json'],
  countingUnit: 'One vulnerability of one version of a package. Severity is unknown: pip-audit names none.',
  detects(head) {
    const value = jsonHead(head.text);
    const list = Array.isArray(value) ? value : objectOf(value)['dependencies'];
    if (!Array.isArray(list)) return false;
    if (list.length > 0) return isDependency(objectOf(list[0]));
    if (Array.isArray(value)) return /^\s*\[\s*\]\s*$/.test(head.text) && /pip[-_]audit/i.test(head.path);
    return Object.keys(objectOf(value)).every((key) => key === 'dependencies' || key === 'fixes');
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report.dependencies, file.path)),
};

function isDependency(entry: Readonly<Record<string, unknown>>): boolean {
  if (typeof entry['name'] !== 'string') return false;
  return typeof entry['skip_reason'] === 'string' || ('version' in entry && Array.isArray(entry['vulns']));
}

function toReading(dependencies: readonly z.infer<Schemas['dependency']>[], path: string): Reading {
  const audited = dependencies.flatMap((one) => ('vulns' in one ? [one] : []));
  const skipped = dependencies.length - audited.length;
  if (audited.length === 0 && skipped > 0)
    throw new AqeError('AQE2007', `none of ${skipped} dependencies could be audited`, { path });
  const items = audited.flatMap(({ name, version, vulns }) =>
    vulns.map((found) =>
      vulnerability({
        ids: [...(found.aliases ?? []), found.id],
        severity: 'unknown',
        title: found.description,
        component: name,
        version,
        fixedIn: found.fix_versions ?? [],
      }),
    ),
  );
  return {
    producer: { name: 'pip-audit' },
    facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: audited.length }],
    notices: [
      ...(skipped > 0 ? [`dependencies that could not be audited: ${skipped}`] : []),
      ...(dependencies.length === 0 ? ['pip-audit found no dependency to audit'] : []),
    ],
  };
}
