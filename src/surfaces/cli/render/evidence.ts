import type { Collected } from '../../../app/collect-evidence.ts';
import type { EvidenceRecord } from '../../../core/evidence/evidence.ts';
import { short } from '../../../core/report/encode.ts';
import { formatSignal } from '../../../core/report/format-signal.ts';
import { ageOf, bindingWords } from '../../../core/report/present.ts';
import { plural } from '../../../core/signal/format.ts';
import type { Signal } from '../../../core/signal/signal.ts';
import type { Glyph, Style } from '../style.ts';
import { page, type Page } from './page.ts';

/** What the command shows, and prints as JSON. */
export interface EvidenceView {
  readonly schemaVersion: '1';
  readonly evidence: readonly (Omit<EvidenceRecord, 'reading'> & {
    readonly producer: { readonly name: string; readonly version?: string } | null;
    readonly notices: readonly string[];
    readonly summary: readonly string[];
    readonly signals: readonly Signal[];
  })[];
  readonly ignored: Collected['ignored'];
  /** All measured evidence together, as `assess` sees it. */
  readonly merged: readonly Signal[];
}

const looks: Readonly<Record<EvidenceView['evidence'][number]['state'], Glyph>> = {
  measured: 'pass',
  stale: 'warn',
  missing: 'unknown',
  unreadable: 'fail',
};

export function evidencePage({ evidence, ignored, merged }: EvidenceView, style: Style, now: string): string {
  const out = page(style);
  for (const record of evidence) {
    const producer = record.producer
      ? ` by ${short(record.producer.name, 40)}${record.producer.version ? ` ${short(record.producer.version, 30)}` : ''}`
      : '';
    out.mark(
      looks[record.state],
      `${short(record.path, 120)}: ${record.state}, ${record.format ?? 'unknown format'}${producer}${record.stage ? `, ${record.stage}` : ''}`,
      { at: 0 },
    );
    if (record.reason) out.line(`    ${short(record.reason, 300)}${record.code ? ` [${record.code}]` : ''}`);
    const facts = [
      record.takenAt ? `${ageOf(record.takenAt, now)} old` : '',
      bindingWords[record.boundBy],
      record.commit ? `commit ${record.commit.slice(0, 9)}` : '',
      record.sha256 ? `sha256 ${record.sha256.slice(0, 12)}` : '',
    ];
    out.line(`    ${facts.filter(Boolean).join(' · ')}`, 'dim');
    for (const line of record.summary) out.line(`    ${line}`);
    signalLines(out, record.signals);
    for (const notice of record.notices) out.mark('warn', short(notice, 300), { at: 4 });
  }
  if (evidence.length > 1 && merged.length > 0) {
    out.line();
    out.heading('Together, as assess sees it');
    signalLines(out, merged);
  }
  if (ignored.length > 0) {
    out.line();
    out.heading(`Not evidence (${plural(ignored.length, 'place')})`);
    for (const { path, reason } of ignored.slice(0, 20))
      out.line(`  ${short(path, 120)}: ${short(reason, 160)}`, 'dim');
    if (ignored.length > 20) out.line(`  and ${ignored.length - 20} more: --format json`, 'dim');
  }
  return out.text();
}

function signalLines(out: Page, signals: readonly Signal[]): void {
  for (const signal of signals)
    out.line(`    ${signal.metric.padEnd(25)} ${formatSignal(signal).padEnd(14)} ${signal.basis}`);
}
