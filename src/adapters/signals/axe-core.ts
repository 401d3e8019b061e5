import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { addIssue, severityTable } from './axe-core/issue.ts';
import { axeCsvHeader, axeCsvSession } from './axe-core/reports-csv.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { IssueList } from './shared/issue-list.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const rules = z.nullish(z.array(z.unknown()));
  const pageSchema = z.object({
    testEngine: z.nullish(z.object({ version: text })),
    url: text,
    timestamp: text,
    violations: z.array(
      z.object({
        id: z.string(),
        impact: text,
        help: text,
        description: text,
        nodes: z.nullish(z.array(z.object({ impact: text, target: z.optional(z.unknown()) }))),
      }),
    ),
    incomplete: z.nullish(z.array(z.object({ id: text, error: z.optional(z.unknown()), nodes: rules }))),
    passes: rules,
    inapplicable: rules,
  });
  /** `axe --save` writes a list of pages, `axe.run` gives one. */
  const schema = z.union([
    z.array(pageSchema),
    z.pipe(
      pageSchema,
      z.transform((page) => [page]),
    ),
  ]);
  return { pageSchema, schema };
});

const namedRules = 10;

type Page = z.infer<ReturnType<typeof schemas>['pageSchema']>;

/** Results of axe-core, as `axe.run`, the axe command and its bindings give them, and the tables of axe-reports. */
export const axeCore: SignalReader = {
  id: 'axe-core',
  title: 'axe-core JSON and CSV',
  gives: ['code-issues'],
  names: ['axe*.json', 'axe*.csv'],
  countingUnit:
    'One element that violates one rule. Elements that axe could not judge (`incomplete`) are named in a notice and not counted.',
  severities: severityTable,
  detects(head) {
    if (axeCsvHeader.test(head.text)) return true;
    const value = jsonHead(head.text);
    const page = objectOf(Array.isArray(value) ? value[0] : value);
    const lists = ['violations', 'passes', 'incomplete', 'inapplicable'].filter((key) => Array.isArray(page[key]));
    if (objectOf(page['testEngine'])['name'] === 'axe-core') return lists.length > 0 || 'toolOptions' in page;
    return lists.length > 1 && (lists.includes('inapplicable') || ('url' in page && 'timestamp' in page));
  },
  open: (file) =>
    byFirstCharacter(file, (first) =>
      first === '[' || first === '{'
        ? jsonSession(file, schemas().schema, (pages) => toReading(pages, file.path))
        : axeCsvSession(file),
    ),
};

function toReading(pages: readonly Page[], path: string): Reading {
  if (pages.length === 0) throw new AqeError('AQE2007', 'no page was looked at', { path });
  const idle = pages.filter(ranNothing).length;
  if (idle > 0) throw new AqeError('AQE2007', `pages on which no rule ran: ${idle} of ${pages.length}`, { path });
  const issues = new IssueList();
  for (const page of pages)
    for (const rule of page.violations)
      for (const node of rule.nodes?.length ? rule.nodes : [{}])
        addIssue(issues, {
          rule: rule.id,
          impact: ('impact' in node && node.impact) || rule.impact,
          url: page.url,
          help: rule.help || rule.description,
          element: 'target' in node ? selectorOf(node.target) : undefined,
        });
  const incomplete = pages.flatMap((page) => page.incomplete ?? []);
  const unjudged = incomplete.reduce((sum, { nodes }) => sum + (nodes?.length || 1), 0);
  const broken = new Set(incomplete.flatMap(({ id, error }) => (error && id ? [id] : [])));
  const version = pages.map(({ testEngine }) => testEngine?.version).find(Boolean);
  // Results of several pages are as old as the oldest of them.
  const takenAt = pages
    .flatMap(({ timestamp }) => zonedTime(timestamp) ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))[0];
  return {
    producer: { name: 'axe-core', ...(version ? { version } : {}) },
    ...(takenAt ? { takenAt } : {}),
    facts: [issues.fact(pages.length)],
    notices: [
      ...(unjudged > 0 ? [`elements that axe could not judge and that a person has to look at: ${unjudged}`] : []),
      ...(broken.size > 0
        ? [`rules that axe skipped for an error of its own: ${[...broken].slice(0, namedRules).join(', ')}`]
        : []),
    ],
  };
}

/** Reporters that leave out what did not fail tell nothing of the rules that ran. */
function ranNothing({ violations, passes, incomplete, inapplicable }: Page): boolean {
  const told = [passes, incomplete, inapplicable].filter(Array.isArray);
  return violations.length === 0 && told.length > 0 && told.every((rules) => rules.length === 0);
}

/** Where an element stands: selectors from the outermost frame inwards, each of them a list in a shadow tree. */
function selectorOf(target: unknown): string | undefined {
  const steps = Array.isArray(target) ? target.flat(1) : [target];
  return steps.filter((step) => typeof step === 'string').join(' › ') || undefined;
}
