import type { Status } from '../decision/decide.ts';
import type { EvidenceRecord, TestStage } from '../evidence/evidence.ts';
import type { TestRun } from '../evidence/reading.ts';
import { criterionKinds, strictestThreshold, type Gate } from '../gate/criteria.ts';
import { meets } from '../gate/evaluate-gate.ts';
import { formatSignal, formatThreshold } from '../report/format-signal.ts';
import { plural } from '../signal/format.ts';
import { mergeTests } from '../signal/merge-tests.ts';
import { metricOf } from '../signal/metrics.ts';
import type { SignalSet } from '../signal/signal.ts';
import { listed } from '../signal/sourced.ts';
import { checklistItems, type ChecklistGroup, type ChecklistItem, type ItemCheck } from './items.ts';

export type ItemStatus = 'passed' | 'warning' | 'failed' | 'unknown' | 'not-applicable';

export interface ItemResult {
  readonly id: string;
  readonly group: ChecklistGroup;
  readonly item: string;
  readonly essential: boolean;
  readonly status: ItemStatus;
  /** Report, file or person that answered; for `unknown` what would answer. */
  readonly validatedBy: string;
  readonly details: string;
}

/** A person's word on an item. The name is a claim: no identity was checked. */
export interface Attestation {
  readonly item: string;
  readonly by: string;
  readonly identity: string;
  readonly note: string;
  readonly createdAt: string;
}

export interface Checklist {
  readonly level: 'full' | 'essential';
  readonly items: readonly ItemResult[];
  /** Any failed item: BLOCKED; else any unknown: INCONCLUSIVE; else any warning: APPROVED_WITH_WARNINGS. */
  readonly overallStatus: Status;
  /** 100 × (passed + ½ × warnings) / applicable items, rounded down; null if no item applies or none is answered. */
  readonly readinessScore: number | null;
  readonly blockers: readonly string[];
  readonly warnings: readonly string[];
  readonly unknown: readonly string[];
}

export interface ChecklistInput {
  readonly signals: SignalSet;
  readonly evidence: readonly EvidenceRecord[];
  readonly gates: readonly Gate[];
  readonly attestations: readonly Attestation[];
  /** Files of the project by glob of the catalog. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly level: Checklist['level'];
}

export function evaluateChecklist(input: ChecklistInput): Checklist {
  const items = checklistItems
    .filter((item) => input.level === 'full' || item.essential)
    .map((item) => resultOf(item, input));
  const applicable = items.filter((item) => item.status !== 'not-applicable');
  const having = (status: ItemStatus): readonly ItemResult[] => items.filter((item) => item.status === status);
  const halves = 2 * having('passed').length + having('warning').length;
  return {
    level: input.level,
    items,
    overallStatus: overall(items),
    readinessScore: applicable.some((item) => item.status !== 'unknown')
      ? Math.floor((100 * halves) / (2 * applicable.length))
      : null,
    blockers: having('failed').map((item) => `${item.item}: ${item.details}`),
    warnings: having('warning').map((item) => `${item.item}: ${item.details}`),
    unknown: having('unknown').map((item) => item.item),
  };
}

function overall(items: readonly ItemResult[]): Status {
  const has = (status: ItemStatus): boolean => items.some((item) => item.status === status);
  if (has('failed')) return 'BLOCKED';
  if (has('unknown')) return 'INCONCLUSIVE';
  return has('warning') ? 'APPROVED_WITH_WARNINGS' : 'APPROVED';
}

type Answer = Pick<ItemResult, 'status' | 'validatedBy' | 'details'>;
type SignalCheck = Extract<ItemCheck, { readonly by: 'signals' }>;

/** Items that a person may answer: the others are answered by evidence alone. */
export function attestable({ check }: ChecklistItem): boolean {
  return check.by === 'person' || check.by === 'file' || (check.by === 'signals' && check.attestable === true);
}

function isOpenToWord(item: ChecklistItem, input: ChecklistInput): boolean {
  return attestable(item) && (item.check.by !== 'signals' || nothingSays(item.check, input));
}

/** Evidence answers first; a person's word counts only for items that evidence does not answer. */
function resultOf(item: ChecklistItem, input: ChecklistInput): ItemResult {
  const base = { id: item.id, group: item.group, item: item.title, essential: item.essential };
  const answer = answerOf(item, input);
  if (answer.status !== 'unknown' || !isOpenToWord(item, input)) return { ...base, ...answer };
  const word = input.attestations.filter((attestation) => attestation.item === item.id).at(-1);
  if (!word) return { ...base, ...answer };
  return {
    ...base,
    status: 'passed',
    validatedBy: `${word.by} (attested, identity not verified: ${word.identity})`,
    details: word.note,
  };
}

function answerOf({ check }: ChecklistItem, input: ChecklistInput): Answer {
  switch (check.by) {
    case 'signals':
      return fromSignals(check, input);
    case 'tests':
      return fromTests(check.stage, input.evidence);
    case 'file':
      return fromFiles(check.globs, input.files);
    case 'tool':
      return fromTool(check.tools, check.metric, input);
    case 'person':
      return fromPerson(check.answeredBy, check.notApplicableWithout ?? [], input.files);
  }
}

/** Whether no report says anything of the criteria, be it stale or broken: only then a person's word may stand in. */
function nothingSays({ criteria }: SignalCheck, { signals }: ChecklistInput): boolean {
  return criteria.every(({ key }) => {
    const result = signals[criterionKinds[key].metric];
    return result.state === 'missing' && result.sources.length === 0;
  });
}

function fromSignals(check: SignalCheck, input: ChecklistInput): Answer {
  const { criteria, closeWithin = 0 } = check;
  const { signals, gates } = input;
  if (check.attestable && nothingSays(check, input)) {
    const answeredBy = criteria.map(({ key }) => metricOf(criterionKinds[key].metric).answeredBy);
    return { status: 'unknown', validatedBy: answeredBy.join('; '), details: 'no evidence; attest it if you know' };
  }
  const details: string[] = [];
  const sources = new Set<string>();
  let status: ItemStatus = 'passed';
  for (const { key, otherwise } of criteria) {
    const { metric, comparison } = criterionKinds[key];
    const result = signals[metric];
    const threshold = strictestThreshold(gates, key) ?? otherwise;
    const unit = metricOf(metric).unit;
    if (result.state !== 'measured') {
      details.push(`${metricOf(metric).title}: ${result.reason}`);
      if (status !== 'failed') status = 'unknown';
      continue;
    }
    result.signal.sources.forEach((source) => sources.add(source));
    const limit = `${comparison === '<=' ? 'max' : 'min'} ${formatThreshold(threshold, unit)}`;
    const ok = meets(result.signal, comparison, threshold);
    details.push(`${metricOf(metric).title}: ${formatSignal(result.signal)} (${limit})`);
    // Who approved is the answer as much as how many.
    if (metricOf(metric).from === 'review') details.push(result.signal.basis);
    if (!ok) status = result.signal.bound === 'at-most' ? (status === 'failed' ? 'failed' : 'unknown') : 'failed';
    else if (status === 'passed' && closeWithin > 0 && isClose(result.signal.value, threshold, closeWithin)) {
      status = 'warning';
      details.push('close to the threshold');
    }
  }
  return { status, validatedBy: listed([...sources].sort()) || 'evidence', details: details.join('; ') };
}

/** Within `percent` of the threshold, which is on the right side already. */
function isClose(value: number, threshold: number, percent: number): boolean {
  return threshold !== 0 && Math.abs(value - threshold) * 100 < percent * Math.abs(threshold);
}

function fromTests(stage: TestStage, evidence: readonly EvidenceRecord[]): Answer {
  const records = evidence.filter((record) => record.stage === stage && record.kinds.includes('tests'));
  const broken = records.find((record) => record.state !== 'measured');
  if (records.length === 0)
    return {
      status: 'unknown',
      validatedBy: `a test report of stage ${stage}`,
      details: `no test report of stage ${stage} (by path or \`stage: ${stage}\` in the config)`,
    };
  if (broken) return { status: 'unknown', validatedBy: broken.path, details: `${broken.state}: ${broken.reason}` };
  const run = mergeTests(
    records.flatMap((record) => record.reading?.facts ?? []).filter((fact): fact is TestRun => fact.kind === 'tests'),
  );
  const executed = run.total - run.skipped;
  const validatedBy = listed(records.map((record) => record.path));
  if (executed === 0) return { status: 'unknown', validatedBy, details: 'no test was executed' };
  const skipped = run.skipped > 0 ? `, ${plural(run.skipped, 'skipped', 'skipped')}` : '';
  const status = run.failed + run.errored > 0 ? 'failed' : run.flaky > 0 ? 'warning' : 'passed';
  return {
    status,
    validatedBy,
    details: `${run.passed}/${executed} tests passed${skipped}${run.flaky > 0 ? `, ${run.flaky} flaky` : ''}`,
  };
}

function fromFiles(globs: readonly string[], files: ChecklistInput['files']): Answer {
  const found = globs.flatMap((glob) => files[glob] ?? []);
  if (found.length === 0)
    return { status: 'unknown', validatedBy: 'a file in the repository', details: `none of ${globs.join(', ')}` };
  return { status: 'passed', validatedBy: 'repository', details: listed(found) };
}

function fromTool(tools: readonly string[], metric: keyof SignalSet, { evidence, signals }: ChecklistInput): Answer {
  const records = evidence.filter((record) =>
    tools.includes((record.reading?.producer.name ?? record.format ?? '').toLowerCase()),
  );
  if (records.length === 0)
    return {
      status: 'unknown',
      validatedBy: tools.slice(0, 3).join(', '),
      details: `no report of ${tools.join(', ')}`,
    };
  const broken = records.find((record) => record.state !== 'measured');
  if (broken) return { status: 'unknown', validatedBy: broken.path, details: `${broken.state}: ${broken.reason}` };
  const result = signals[metric];
  const validatedBy = listed(records.map((record) => record.path));
  if (result.state !== 'measured') return { status: 'unknown', validatedBy, details: result.reason };
  return { status: result.signal.value === 0 ? 'passed' : 'failed', validatedBy, details: result.signal.basis };
}

function fromPerson(
  answeredBy: string,
  notApplicableWithout: readonly string[],
  files: ChecklistInput['files'],
): Answer {
  if (notApplicableWithout.length > 0 && notApplicableWithout.every((glob) => files[glob]?.length === 0)) {
    return {
      status: 'not-applicable',
      validatedBy: 'repository',
      details: `nothing matches ${notApplicableWithout.join(', ')}`,
    };
  }
  return { status: 'unknown', validatedBy: answeredBy, details: 'not connected; attest it if you know' };
}

/** Every glob the catalog asks the repository for. */
export const checklistGlobs: readonly string[] = checklistItems.flatMap(({ check }) =>
  check.by === 'file' ? check.globs : check.by === 'person' ? (check.notApplicableWithout ?? []) : [],
);
