import type { DecisionHistory } from '../../../app/decision-history.ts';
import type { TrendBucket } from '../../../core/history/trend.ts';
import { windowWords } from '../../../core/report/history-words.ts';
import { number } from '../../../core/signal/format.ts';
import type { Style } from '../style.ts';
import { summaryLines } from './history.ts';
import { page } from './page.ts';

/** A sign each for what succeeded, failed, and is not known: the bars are read without colour too. */
const signs = {
  drawn: { succeeded: '█', failed: 'X', open: '░' },
  ascii: { succeeded: '#', failed: 'X', open: '.' },
} as const;

const dateWidth = 12;
const wordsWidth = 26;

/** Deployments over time as bars, one line a week, month or year. */
export function historyChartPage(subject: string, history: DecisionHistory, style: Style): string {
  const { by, buckets } = history.trend;
  const out = page(style);
  out.heading(`${subject}: ${windowWords(history)}`);
  out.rule();
  if (buckets.length === 0) {
    out.line('  no deployment in this time');
  } else {
    const { succeeded, failed, open } = style.ascii ? signs.ascii : signs.drawn;
    out.line(`  ${succeeded} succeeded  ${failed} failed  ${open} pending or inferred; one line a ${by}, UTC`, 'dim');
    const most = Math.max(...buckets.map(({ deployments }) => deployments));
    for (const bucket of buckets) out.line(bucketLine(bucket, most, style), toneOf(bucket));
  }
  summaryLines(out, history);
  return out.text();
}

function toneOf({ deployments, failures }: TrendBucket): 'bad' | 'good' | 'dim' {
  if (failures.count > 0) return 'bad';
  return deployments > 0 ? 'good' : 'dim';
}

function bucketLine(bucket: TrendBucket, most: number, style: Style): string {
  const { deployments, pending, inferred, failures } = bucket;
  const room = Math.max(6, style.width - dateWidth - wordsWidth - 2);
  const sign = style.ascii ? signs.ascii : signs.drawn;
  const parts = [failures.n - failures.count, failures.count, pending + inferred];
  const [succeeded = 0, failed = 0, open = 0] = lengthsOf(parts, most, room);
  const bar = sign.succeeded.repeat(succeeded) + sign.failed.repeat(failed) + sign.open.repeat(open);
  const rate = failures.percent === null ? '' : `, ${number(failures.percent)}%`;
  const words = deployments === 0 ? '0' : `${number(deployments)}, ${number(failures.count)} failed${rate}`;
  return `${bucket.start.padEnd(dateWidth)}${bar.padEnd(room)}  ${words}`;
}

/** Columns of each part where `most` fills the room. A part that is there is never drawn as nothing; the whole never needs more than the room. */
export function lengthsOf(parts: readonly number[], most: number, room: number): readonly number[] {
  const scale = Math.min(1, room / most);
  const lengths = parts.map((part) => (part === 0 ? 0 : Math.max(1, Math.round(part * scale))));
  const over = lengths.reduce((sum, each) => sum + each, 0) - room;
  if (over <= 0) return lengths;
  const longest = lengths.indexOf(Math.max(...lengths));
  return lengths.map((length, index) => (index === longest ? length - over : length));
}
