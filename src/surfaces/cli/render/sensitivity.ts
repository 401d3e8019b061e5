import type { SensitiveChange, Sensitivity } from '../../../core/decision/sensitivity.ts';
import { short } from '../../../core/report/encode.ts';
import { formatThreshold, formatValue } from '../../../core/report/format-signal.ts';
import { metricOf } from '../../../core/signal/metrics.ts';
import { glyph, type Style } from '../style.ts';
import type { Page } from './page.ts';

/** Changes that are shown; JSON has them all. */
const shown = 12;

/** The single changes that would flip the decision, those for the better first where the release is held back. */
export function sensitivityLines(out: Page, { decision, changes }: Sensitivity): void {
  out.line();
  out.heading(`Single changes that would flip the decision (${decision} by the evidence alone), the closest first`);
  if (changes.length === 0) return out.line('  none: no single value changes it');
  for (const change of changes.slice(0, shown))
    out.mark(
      change.towards === 'better' ? 'pass' : 'fail',
      `${changeWords(change, out.style)}${change.because === '' ? '' : `; ${short(change.because, 200)}`}`,
    );
  if (changes.length > shown) out.line(`  and ${changes.length - shown} more: --format json`);
}

function changeWords({ metric, from, to, towards, decision }: SensitiveChange, style: Style): string {
  const { title, unit } = metricOf(metric);
  const arrow = glyph(style, 'arrow');
  if (to === null) return `${title} goes missing ${arrow} ${decision}`;
  if (from === null) return `${title} measured at ${formatThreshold(to, unit)} or ${towards} ${arrow} ${decision}`;
  return `${title} from ${formatValue(from, unit)} to ${formatThreshold(to, unit)} ${arrow} ${decision}`;
}
