import { resolve } from 'node:path';
import { collectEvidence, type Collected } from '../../../app/collect-evidence.ts';
import { tryMapping } from '../../../app/try-mapping.ts';
import type { Workspace } from '../../../app/workspace.ts';
import type { EvidenceRecord } from '../../../core/evidence/evidence.ts';
import { number, plural } from '../../../core/signal/format.ts';
import { metricIds } from '../../../core/signal/metrics.ts';
import type { Signal } from '../../../core/signal/signal.ts';
import { idleStatements } from '../../../core/signal/security-signals.ts';
import { signalsFrom } from '../../../core/signal/signals-from.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { evidencePage, type EvidenceView } from '../render/evidence.ts';
import { mappingPage, mappingView } from '../render/mapping.ts';
import { styleFor } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const evidenceCommand = command({
  name: 'evidence',
  under: 'deploy',
  summary: 'Show what evidence is found, as which format, in which state, and what it says.',
  description:
    'With FILES exactly these are read, else the project is searched as `assess` does it. Each signal is printed with value, unit and where it comes from.',
  examples: [
    'aqe deploy evidence',
    'aqe deploy evidence reports/junit.xml coverage/lcov.info',
    'aqe deploy evidence --format json',
    'aqe deploy evidence --mapping gatling reports/gatling/stats.json',
  ],
  flags: {
    mapping: {
      type: 'string',
      value: 'NAME',
      summary: 'Try a mapping of the config on FILES: shows what each of its metrics finds there.',
    },
    version: { type: 'string', value: 'VERSION', summary: 'Release to bind the evidence to; else HEAD.' },
    ...projectFlags,
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  positional: { name: 'files', summary: 'Reports to read.', required: false, many: true },
  exits: { 0: 'everything found is measured', 3: 'nothing was found, or something is missing, stale or unreadable' },
  async run({ flags, positionals }, { io, open }) {
    const workspace = await open(projectOf(flags));
    if (flags.mapping !== undefined) {
      const files = positionals.map((file) => resolve(io.cwd, file));
      const tried = await tryMapping(workspace, flags.mapping, files);
      const shown = mappingView(tried);
      await deliver(
        wantsJson(flags) ? json(shown) : mappingPage(shown, styleFor(io, flags.ascii)),
        flags.output,
        workspace,
        io,
      );
      return ending(shown.files.every(({ state }) => state === 'read') ? 0 : 3, io);
    }
    // HEAD when no version is given: no tag is named like the empty string.
    const release = workspace.sourceControl.resolve({ version: flags.version ?? '' });
    const collected = await collectEvidence(workspace, workspace.policy, release, {
      only: positionals.map((file) => resolve(io.cwd, file)),
    });
    const view = viewOf(workspace, collected);
    const text = wantsJson(flags)
      ? json(view)
      : evidencePage(view, styleFor(io, flags.ascii), workspace.clock.now().toISOString());
    await deliver(text, flags.output, workspace, io);
    const good = collected.evidence.length > 0 && collected.evidence.every((record) => record.state === 'measured');
    if (collected.evidence.length === 0)
      io.err(
        `no evidence found; ${plural(workspace.files.readers.length, 'format')} are known: ${workspace.files.readers.map((reader) => reader.title).join(', ')}\n`,
      );
    return ending(good ? 0 : 3, io);
  },
});

function viewOf(workspace: Workspace, { evidence, ignored }: Collected): EvidenceView {
  const signals = (records: readonly EvidenceRecord[]): readonly Signal[] => {
    const set = signalsFrom({
      evidence: records,
      change: null,
      changedLines: null,
      attested: [],
      gradeBands: workspace.policy.gradeBands,
    });
    return metricIds.flatMap((metric) => {
      const result = set[metric];
      return result.state === 'measured' ? [result.signal] : [];
    });
  };
  const idle = idleStatements(evidence);
  const views = evidence.map((record) => {
    const { reading, ...rest } = record;
    // What a stale report says is shown too: the state says that it does not count.
    const shown = reading ? signals([{ ...record, state: 'measured' }]) : [];
    return {
      ...rest,
      producer: reading?.producer ?? null,
      notices: [...(reading?.notices ?? []), ...idleNotice(idle.get(record.path) ?? 0)],
      summary: summaryOf(record),
      signals: shown,
    };
  });
  const alone = evidence.length === 1 && evidence[0]!.state === 'measured';
  return { schemaVersion: '1', evidence: views, ignored, merged: alone ? views[0]!.signals : signals(evidence) };
}

function idleNotice(statements: number): readonly string[] {
  return statements > 0 ? [`${plural(statements, 'VEX statement')} on nothing that any report has found`] : [];
}

function summaryOf({ reading }: EvidenceRecord): readonly string[] {
  // What a mapping found is in the signals, with the place it was found at.
  const facts = (reading?.facts ?? []).filter((fact) => fact.kind !== 'measure' || !fact.mapped);
  return facts.map((fact) => {
    switch (fact.kind) {
      case 'tests':
        return `${plural(fact.total, 'test')}: ${number(fact.passed)} passed, ${number(fact.failed)} failed, ${number(fact.errored)} errored, ${number(fact.skipped)} skipped, ${number(fact.flaky)} flaky`;
      case 'coverage':
        return `coverage of ${plural(fact.files.length, 'file')}, engine ${fact.engine}`;
      case 'mutation':
        return `${number(fact.killed)} killed, ${number(fact.timedOut)} timed out, ${number(fact.survived)} survived, ${number(fact.noCoverage)} without coverage, ${number(fact.excluded)} excluded`;
      case 'code-issues':
        return `${number(fact.counts.critical)} critical, ${number(fact.counts.high)} high, ${number(fact.counts.medium)} medium, ${number(fact.counts.low)} low findings, ${number(fact.suppressed)} suppressed`;
      case 'security-issues':
        return `${plural(fact.items.length, 'security finding')} (${fact.scope})`;
      case 'vex':
        return plural(fact.statements.length, 'VEX statement');
      case 'review': {
        const approvals = fact.reviews?.filter(({ verdict }) => verdict === 'approved').length;
        return [
          ...(fact.of || fact.change
            ? [`change ${[fact.of?.id, fact.change && `by ${fact.change.author}`].filter(Boolean).join(' ')}`]
            : []),
          ...(approvals === undefined ? [] : [`${plural(approvals, 'approval')} given`]),
        ].join(', ');
      }
      case 'load':
        return `${plural(fact.requests, 'request')}`;
      case 'measure':
        return `${fact.metric} ${number(fact.value)}`;
    }
  });
}
