import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIdsIn } from './shared/advisory-ids.ts';
import { jsonSequenceSession } from './shared/json-sequence.ts';
import { checkShape, objectOf } from './shared/json.ts';
import { npmAdvisoryIssue, npmAudits, npmTotal } from './shared/npm-advisory.ts';
import { npmSeverities } from './shared/npm-severities.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { toolWords } from './shared/tool-words.ts';
import { vulnerability } from './shared/vulnerability.ts';

const schemas = onFirstUse(() => {
  const { advisory, totals } = npmAudits();
  return {
    advisory: z.object({ advisory }),
    summary: z.object({ vulnerabilities: totals, totalDependencies: z.nullish(wholeNumber) }),
    tree: z.object({
      value: z.string(),
      children: z.object({
        ID: z.nullish(z.union([z.number(), z.string()])),
        Issue: text,
        URL: text,
        Severity: text,
        'Tree Versions': z.nullish(z.array(z.string())),
      }),
    }),
  };
});

type Tree = z.infer<ReturnType<typeof schemas>['tree']>;

/**
 * One JSON value a line: `yarn audit --json` of yarn 1, which names an advisory again for each path and ends with a summary,
 * and `yarn npm audit --json` of yarn 4, which prints nothing at all where nothing is found. Yarn 2 and 3 print the object of
 * npm 6, which the npm-audit reader claims.
 */
export const yarnAudit: SignalReader = {
  id: 'yarn-audit',
  title: 'yarn audit JSON lines',
  gives: ['security-issues'],
  names: ['yarn-audit*.json', 'yarn-audit*.jsonl', 'yarn-audit*.ndjson'],
  countingUnit:
    'One advisory for one package, however many paths lead to it (the summary of yarn 1 counts paths). Yarn 4 lists deprecated packages as advisories of severity moderate.',
  severities: npmSeverities,
  detects: ({ text: start }) => isAudit(start),
  open(file) {
    const audit = new Audit(file);
    return jsonSequenceSession(file, { value: (value) => audit.add(value), finish: () => audit.reading() });
  },
};

function isAudit(start: string): boolean {
  if (!/^\s*\{\s*"(?:type|value)"/.test(start)) return false;
  if (/^\s*\{\s*"value"\s*:\s*"[^"\n]*"\s*,\s*"children"\s*:\s*\{\s*"ID"/.test(start)) return true;
  const lines = start.split('\n', 1000);
  if (lines.some((line) => /^\s*\{\s*"type"\s*:\s*"audit(?:Advisory|Action|Summary)"/.test(line))) return true;
  // An audit that failed has nothing but messages, in which yarn names itself, a code of its own or the audit's address.
  const messages = lines.filter((line) => /^\s*\{\s*"type"\s*:\s*"(?:info|warning|error)"\s*,/.test(line));
  return (
    messages.some((line) => /^\s*\{\s*"type"\s*:\s*"error"/.test(line)) &&
    messages.some((line) => /yarn|"YN\d{4}"|\/audits\b/i.test(line))
  );
}

class Audit {
  readonly #file: { readonly path: string };
  readonly #issues = new Map<string, SecurityIssue>();
  #paths = 0;
  #declared: number | null = null;
  #scanned: number | null = null;
  #isClassic = false;

  constructor(file: { readonly path: string }) {
    this.#file = file;
  }

  add(value: unknown): void {
    const line = objectOf(value);
    if (line['type'] === 'error') throw failure(line, this.#file.path);
    if (line['type'] === 'auditAdvisory') {
      this.#isClassic = true;
      this.#paths += 1;
      const { advisory } = checkShape(this.#file, schemas().advisory, line['data']);
      const key = JSON.stringify([advisory.id, advisory.module_name]);
      if (!this.#issues.has(key)) this.#issues.set(key, npmAdvisoryIssue(advisory));
    } else if (line['type'] === 'auditSummary') {
      const summary = checkShape(this.#file, schemas().summary, line['data']);
      this.#declared = (this.#declared ?? 0) + npmTotal(summary.vulnerabilities);
      this.#scanned = summary.totalDependencies ?? null;
    } else if ('value' in line && 'children' in line) {
      const issue = fromTree(checkShape(this.#file, schemas().tree, line));
      this.#issues.set(JSON.stringify([issue.component, issue.ids]), issue);
    } else if (typeof line['type'] !== 'string') {
      throw new AqeError('AQE2003', 'a line is neither a message nor an advisory of yarn', { path: this.#file.path });
    }
  }

  reading(): Reading {
    const { path } = this.#file;
    const items = [...this.#issues.values()];
    const declared = this.#declared;
    if (declared === null && (this.#isClassic || items.length === 0))
      throw new AqeError('AQE2002', 'the summary at the end is missing', { path });
    // `--level` leaves advisories out of the list and not out of the summary.
    if (declared !== null && declared > 0 !== items.length > 0)
      throw new AqeError('AQE2003', `the summary counts ${declared} vulnerabilities, ${items.length} are listed`, {
        path,
      });
    const differs = declared !== null && declared !== this.#paths;
    return {
      producer: { name: 'yarn audit' },
      facts: [{ kind: 'security-issues', scope: 'dependencies', items, scanned: this.#scanned }],
      notices: differs ? [`the summary counts ${declared} vulnerable paths, ${this.#paths} are listed`] : [],
    };
  }
}

function failure(line: Readonly<Record<string, unknown>>, path: string): AqeError {
  const code = [line['displayName'], line['name']].find((one) => typeof one === 'string');
  const said = toolWords(typeof line['data'] === 'string' ? line['data'] : '');
  return new AqeError('AQE2006', `the audit was not done: ${code ? `${code}: ` : ''}${said}`, { path });
}

function fromTree({ value, children }: Tree): SecurityIssue {
  const versions = children['Tree Versions'] ?? [];
  const known = advisoryIdsIn(children.URL ?? '');
  const own = typeof children.ID === 'number' || /^\d+$/.test(children.ID ?? '') ? `npm:${children.ID}` : children.ID;
  return vulnerability({
    ids: known.length > 0 ? known : [own],
    severity: severityIn(npmSeverities, children.Severity),
    title: children.Issue,
    component: value,
    version: versions.length === 1 ? versions[0] : undefined,
  });
}
