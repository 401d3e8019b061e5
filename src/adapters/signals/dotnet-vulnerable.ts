import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { ReadingSession, SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIdsIn } from './shared/advisory-ids.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { linesSession } from './shared/lines.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { toolWords } from './shared/tool-words.ts';
import { vulnerability } from './shared/vulnerability.ts';

const severityTable: SeverityTable = {
  words: { critical: 'critical', high: 'high', moderate: 'medium', medium: 'medium', low: 'low' },
};

const schema = onFirstUse(() => {
  const packages = z.nullish(
    z.array(
      z.object({
        id: z.string(),
        resolvedVersion: text,
        vulnerabilities: z.nullish(z.array(z.object({ severity: text, advisoryurl: text, advisoryUrl: text }))),
      }),
    ),
  );
  return z.object({
    parameters: text,
    problems: z.nullish(z.array(z.object({ level: text, text: text }))),
    projects: z.nullish(
      z.array(
        z.object({
          path: text,
          frameworks: z.nullish(z.array(z.object({ topLevelPackages: packages, transitivePackages: packages }))),
        }),
      ),
    ),
  });
});

type Report = z.infer<ReturnType<typeof schema>>;

/** `dotnet list package --vulnerable`, as text and with `--format json`; other lists of packages say nothing of safety. */
export const dotnetVulnerable: SignalReader = {
  id: 'dotnet-vulnerable',
  title: 'dotnet list package --vulnerable, JSON and text',
  gives: ['security-issues'],
  names: ['dotnet-vulnerable*.json', 'dotnet-vulnerable*.txt', 'dotnet_vulnerable*.json'],
  countingUnit: 'One advisory for one version of a package, however many projects and frameworks have it.',
  severities: severityTable,
  detects({ text: start }) {
    const root = objectOf(jsonHead(start));
    if (typeof root['parameters'] === 'string')
      return (
        'version' in root && ('projects' in root || 'problems' in root) && /--vulnerable\b/.test(root['parameters'])
      );
    return verdictLine.test(start.slice(0, 65_536));
  },
  open: (file) => byFirstCharacter(file, (first) => (first === '{' ? jsonReport(file) : textReport(file))),
};

/** The findings of a report, and the projects that it looked at. */
class Listed {
  readonly #issues = new Map<string, SecurityIssue>();
  projects = 0;

  add(
    component: string,
    version: string | null | undefined,
    severity: string | null | undefined,
    url: string,
    path?: string | null,
  ): void {
    const key = JSON.stringify([component, version, url]);
    if (this.#issues.has(key)) return;
    const known = advisoryIdsIn(url);
    const issue = vulnerability({
      ids: known.length > 0 ? known : [url],
      severity: severityIn(severityTable, severity),
      title: `Vulnerable ${component}`,
      component,
      version,
      path,
    });
    this.#issues.set(key, issue);
  }

  reading(notices: readonly string[], path: string): Reading {
    if (this.projects === 0) throw new AqeError('AQE2007', 'no project was looked at', { path });
    const items = [...this.#issues.values()];
    return {
      producer: { name: 'dotnet list package' },
      facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: null }],
      notices,
    };
  }
}

function jsonReport(file: { readonly path: string }): ReadingSession {
  return jsonSession(file, schema(), (report) => fromJson(report, file.path));
}

function fromJson({ parameters, problems, projects }: Report, path: string): Reading {
  const failed = problems?.find(({ level }) => level?.toLowerCase() !== 'warning');
  if (failed) throw new AqeError('AQE2006', toolWords(failed.text), { path });
  if (!/--vulnerable\b/.test(parameters ?? ''))
    throw new AqeError('AQE2007', 'the list was made without --vulnerable', { path });
  const listed = new Listed();
  for (const project of projects ?? []) {
    listed.projects += 1;
    const packages = (project.frameworks ?? []).flatMap((one) => [
      ...(one.topLevelPackages ?? []),
      ...(one.transitivePackages ?? []),
    ]);
    for (const { id, resolvedVersion, vulnerabilities } of packages) {
      for (const { severity, advisoryurl, advisoryUrl } of vulnerabilities ?? [])
        listed.add(id, resolvedVersion, severity, advisoryurl || advisoryUrl || id, project.path);
    }
  }
  return listed.reading((problems ?? []).map(({ text: said }) => toolWords(said)).slice(0, 10), path);
}

const verdictLine =
  /^[ \t]*(?:Project [`'"].{1,200}[`'"] has the following vulnerable packages|The given project [`'"].{1,200}[`'"] has no vulnerable packages given the current sources)/m;

/** The words of the English edition; the tool has no other stable text. */
function textReport(file: { readonly path: string }): ReadingSession {
  const listed = new Listed();
  let last: { readonly name: string; readonly version: string } | undefined;
  return linesSession(file, {
    line(line) {
      if (/^\s*error\b/i.test(line)) throw new AqeError('AQE2006', toolWords(line), { path: file.path });
      if (verdictLine.test(line)) {
        listed.projects += 1;
        last = undefined;
        return;
      }
      const cells = line.trim().split(/\s+/);
      const url = cells.at(-1) ?? '';
      if (!/^https?:\/\//.test(url)) return;
      const severity = cells.at(-2);
      // More advisories for a package stand below it, without its name.
      if (cells[0] === '>' && cells[1]) last = { name: cells[1], version: cells.at(-3) ?? '' };
      if (last && (cells[0] === '>' || cells.length === 2)) listed.add(last.name, last.version, severity, url);
    },
    finish: () => listed.reading([], file.path),
  });
}
