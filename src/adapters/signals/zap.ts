import * as z from 'zod/mini';
import type { ReadingSession, SignalReader } from '../../ports/signal-reader.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { jsonItemsSession } from './shared/json-items.ts';
import { checkShape, jsonHead, objectOf } from './shared/json.ts';
import { onFirstUse } from './shared/schema.ts';
import { xmlStart } from './shared/xml.ts';
import { Alerts, severityTable, type FoundAlert } from './zap/alerts.ts';
import { zapXmlSession } from './zap/xml-alerts.ts';

const schemas = onFirstUse(() => {
  const value = z.pipe(
    z.nullish(z.union([z.string(), z.number()])),
    z.transform((one) => (one === null || one === undefined ? undefined : String(one))),
  );
  const alertSchema = z.object({
    pluginid: z.optional(value),
    alertRef: z.optional(value),
    alert: z.optional(value),
    name: z.optional(value),
    riskcode: z.optional(value),
    riskdesc: z.optional(value),
    confidence: z.optional(value),
  });
  const siteSchema = z.object({ '@name': z.optional(value), '@host': z.optional(value) });
  const messages = z.nullish(z.array(z.string()));
  const schema = z.object({
    '@version': z.optional(value),
    created: z.optional(value),
    site: z.nullish(z.union([z.array(siteSchema), siteSchema])),
    insights: z.nullish(
      z.array(z.object({ level: z.optional(value), description: z.optional(value), statistic: z.optional(value) })),
    ),
    afPlanErrors: messages,
    afPlanWarns: messages,
  });
  return { alertSchema, schema };
});

/** ZAP's traditional XML and JSON reports, plain and `plus`. Requests, responses and evidence are not taken over. */
export const zap: SignalReader = {
  id: 'zap',
  title: 'ZAP XML and JSON',
  gives: ['security-issues'],
  names: ['zap*.xml', 'zap*.json', 'owasp-zap*.xml', 'owasp-zap*.json'],
  countingUnit:
    'One alert of one site, as ZAP itself counts: however many instances (addresses, parameters) it lists. Alerts with confidence “False Positive” are suppressed.',
  severities: severityTable,
  detects(head) {
    if (xmlStart(head.text)?.root === 'OWASPZAPReport') return true;
    const root = objectOf(jsonHead(head.text));
    // GitLab's report of a ZAP scan has the same keys beside its own.
    if (['scan', 'spider', 'vulnerabilities'].some((key) => key in root)) return false;
    return '@version' in root && ('@generated' in root || '@programName' in root) && 'site' in root;
  },
  open: (file) => byFirstCharacter(file, (first) => (first === '<' ? zapXmlSession(file) : zapJsonSession(file))),
};

function zapJsonSession(file: { readonly path: string }): ReadingSession {
  const { alertSchema, schema } = schemas();
  // Alerts come before what names their site is known.
  const found: { readonly site: number; readonly alert: FoundAlert }[] = [];
  const take = (value: unknown, site: number): void => {
    const alert = checkShape(file, alertSchema, value);
    found.push({
      site,
      alert: {
        pluginId: alert.pluginid,
        alertRef: alert.alertRef,
        name: alert.alert ?? alert.name,
        riskCode: alert.riskcode,
        riskDesc: alert.riskdesc,
        confidence: alert.confidence,
      },
    });
  };
  return jsonItemsSession(
    file,
    [
      { path: ['site', '*', 'alerts', '*'], take: (value, [site]) => take(value, Number(site)) },
      { path: ['site', 'alerts', '*'], take: (value) => take(value, 0) },
    ],
    schema,
    (report) => {
      const alerts = new Alerts(file.path);
      const sites = Array.isArray(report.site) ? report.site : report.site ? [report.site] : [];
      for (const { site, alert } of found) alerts.add(sites[site]?.['@name'] || sites[site]?.['@host'], alert);
      return alerts.reading({
        version: report['@version'],
        created: report.created,
        sites: sites.length,
        insights: (report.insights ?? []).map(({ level, description, statistic }) => ({
          level,
          description,
          statistic,
        })),
        errors: report.afPlanErrors ?? [],
        warnings: report.afPlanWarns ?? [],
      });
    },
  );
}
