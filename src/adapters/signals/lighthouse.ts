import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Measure, Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { shortTitle } from './shared/short-title.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schema = onFirstUse(() => {
  const category = z.nullish(z.object({ score: z.nullish(z.number().check(z.minimum(0), z.maximum(1))) }));
  return z.object({
    lighthouseVersion: z.string(),
    fetchTime: text,
    gatherMode: text,
    runtimeError: z.nullish(z.object({ code: text, message: text })),
    runWarnings: z.nullish(z.array(z.unknown())),
    categories: z.nullish(z.object({ performance: category, accessibility: category })),
  });
});

type Report = z.infer<ReturnType<typeof schema>>;

/** Lighthouse's categories that are a metric here. Timings of a lab are no response times under load and are not taken. */
const measured = [
  ['performance', 'page_performance'],
  ['accessibility', 'accessibility'],
] as const;

const shownWarnings = 10;

/** The result that `lighthouse --output=json` writes for one page, since version 3. */
export const lighthouse: SignalReader = {
  id: 'lighthouse',
  title: 'Lighthouse JSON',
  gives: ['measure'],
  measures: measured.map(([, metric]) => metric),
  names: ['lighthouse*.json', 'lhr-*.json', '*.report.lhr.json'],
  countingUnit: 'One score of one page, 0 to 100; of several pages the worst counts.',
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    return (
      typeof root['lighthouseVersion'] === 'string' &&
      ['fetchTime', 'requestedUrl', 'audits', 'categories'].some((key) => key in root)
    );
  },
  open: (file) => jsonSession(file, schema(), (report) => toReading(report, file.path)),
};

function toReading(report: Report, path: string): Reading {
  const { runtimeError, categories, gatherMode } = report;
  // Up to version 5 a run without an error said so here.
  if (runtimeError?.code && runtimeError.code !== 'NO_ERROR')
    throw new AqeError('AQE2006', `the page was not audited: ${runtimeError.code.slice(0, 40)}`, { path });
  // A time span and a snapshot run a part of the audits only: Lighthouse shows no score for them.
  if (gatherMode && gatherMode !== 'navigation')
    throw new AqeError('AQE2007', `a ${gatherMode.slice(0, 20)} has no scores, only a navigation has`, { path });
  if (!categories)
    throw new AqeError('AQE2003', 'there are no categories: Lighthouse writes them since version 3', { path });
  const facts = measured.flatMap(([name, metric]): readonly Measure[] => {
    const score = categories[name]?.score;
    return typeof score === 'number' ? [{ kind: 'measure', metric, value: Math.round(score * 1e8) / 1e6 }] : [];
  });
  const scoreless = measured.filter(([name]) => categories[name] && typeof categories[name].score !== 'number');
  const names = scoreless.map(([name]) => name).join(' and ');
  if (facts.length === 0)
    throw new AqeError(
      'AQE2007',
      names ? `there is no score for ${names}` : 'neither performance nor accessibility was audited',
      { path },
    );
  const takenAt = zonedTime(report.fetchTime);
  const warnings = (report.runWarnings ?? []).filter((warning) => typeof warning === 'string');
  return {
    producer: { name: 'lighthouse', version: report.lighthouseVersion },
    ...(takenAt ? { takenAt } : {}),
    facts,
    notices: [
      ...(names ? [`there is no score for ${names}: one of its audits failed`] : []),
      ...warnings.slice(0, shownWarnings).map((warning) => `Lighthouse warns: ${shortTitle(warning, 'no text')}`),
    ],
  };
}
