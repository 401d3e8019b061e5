import type { EvidenceMapping, MappedOutcome } from '../../../core/policy/evidence-mapping.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { metricOf, type Unit } from '../../../core/signal/metrics.ts';
import type { MappingTrial } from '../../../ports/mapping-trial.ts';
import type { Style } from '../style.ts';
import { page, type Page } from './page.ts';

/** What trying a mapping shows, and prints as JSON. */
export interface MappingView {
  readonly schemaVersion: '1';
  readonly mapping: string;
  readonly type: string;
  readonly files: readonly {
    readonly path: string;
    readonly sha256: string | null;
    readonly state: 'read' | 'unreadable';
    readonly code: string | null;
    readonly reason: string;
    readonly metrics: readonly (Omit<MappedOutcome, 'problem' | 'converted'> & {
      /** In `metricUnit`. */
      readonly converted: number | null;
      readonly metricUnit: Unit;
      readonly code: string | null;
      readonly reason: string;
    })[];
  }[];
}

type FileView = MappingView['files'][number];
type MetricView = FileView['metrics'][number];

export function mappingView({
  mapping,
  trials,
}: {
  readonly mapping: EvidenceMapping;
  readonly trials: readonly MappingTrial[];
}): MappingView {
  return {
    schemaVersion: '1',
    mapping: mapping.name,
    type: mapping.type,
    files: trials.map(({ file, outcomes }): FileView => {
      const error = file.outcome === 'refused' ? file.error : null;
      return {
        path: file.path,
        sha256: file.sha256,
        state: error ? 'unreadable' : 'read',
        code: error?.code ?? null,
        reason: error?.detail ?? '',
        metrics: outcomes.map(({ problem, ...outcome }) => ({
          ...outcome,
          metricUnit: metricOf(outcome.metric).unit,
          code: problem?.code ?? null,
          reason: problem?.detail ?? '',
        })),
      };
    }),
  };
}

export function mappingPage({ mapping, type, files }: MappingView, style: Style): string {
  const out = page(style);
  for (const file of files) {
    const title = `${short(file.path, 120)}: ${file.state} by mapping ${mapping} (${type})`;
    out.mark(file.state === 'read' ? 'pass' : 'fail', title, { at: 0 });
    for (const metric of file.metrics) metricLines(out, metric);
    if (file.metrics.length === 0 && file.reason) out.line(`    ${short(file.reason, 300)} [${file.code}]`);
  }
  return out.text();
}

function withUnit(value: number, unit: string): string {
  return unit === 'count' ? String(value) : `${value} ${unit}`;
}

function metricLines(out: Page, metric: MetricView): void {
  const { at, aggregate, found, first, unit, value, converted, metricUnit } = metric;
  const result = converted === null ? 'no value' : withUnit(converted, metricUnit);
  out.mark(converted === null ? 'fail' : 'pass', `${metric.metric}: ${result}`, { at: 4 });
  const shown = first.map((each) => short(each, 40)).join(', ');
  const values = found === 0 ? '' : `: ${shown}${found > first.length ? ', …' : ''}`;
  out.line(`      ${short(at, 200)}`);
  out.line(`      ${plural(found, 'value')}${values}`);
  if (value !== null)
    out.line(`      ${aggregate}: ${withUnit(value, unit)}${unit === metricUnit ? '' : ` = ${result}`}`);
  if (metric.reason) out.line(`      ${short(metric.reason, 300)} [${metric.code}]`);
}
