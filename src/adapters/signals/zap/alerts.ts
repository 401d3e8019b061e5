import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../../core/evidence/reading.ts';
import type { SeverityTable } from '../../../ports/signal-reader.ts';
import { addressOf } from '../shared/address.ts';
import { severityIn } from '../shared/severity.ts';
import { shortTitle } from '../shared/short-title.ts';
import { toldApart } from '../shared/told-apart.ts';
import { zonedTime } from '../shared/zoned-time.ts';

type Text = string | undefined;

/** One alert of one site, as both formats write it. */
export interface FoundAlert {
  readonly pluginId: Text;
  readonly alertRef: Text;
  readonly name: Text;
  readonly riskCode: Text;
  readonly riskDesc: Text;
  readonly confidence: Text;
}

/** What ZAP remarks on its own scan: failed requests, failed logins, a full disk. */
export interface Insight {
  readonly level: Text;
  readonly description: Text;
  readonly statistic: Text;
}

export interface Scan {
  readonly version: Text;
  readonly created: Text;
  readonly sites: number;
  readonly insights: readonly Insight[];
  /** Of the automation plan. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export const severityTable: SeverityTable = {
  words: {
    '3': 'high',
    high: 'high',
    '2': 'medium',
    medium: 'medium',
    '1': 'low',
    low: 'low',
    '0': 'info',
    informational: 'info',
  },
  note: 'The risk code of an alert; its description counts where there is no code. Confidence changes nothing, except that alerts marked as false positives are suppressed.',
};

const shownInsights = 5;

/** Collects the alerts of one report. */
export class Alerts {
  readonly #path: string;
  readonly #items: SecurityIssue[] = [];
  readonly #idFor = toldApart();

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws AqeError AQE2003 for an alert that has neither number nor name. */
  add(siteName: Text, alert: FoundAlert): void {
    const name = shortTitle(alert.name, '');
    // Alerts that a person or a script raised have the number -1.
    const number = [alert.alertRef, alert.pluginId].map((one) => one?.trim() ?? '').find((one) => /^\d/.test(one));
    if (number === undefined && name === '')
      throw new AqeError('AQE2003', 'an alert has neither a plugin id nor a name', { path: this.#path });
    const id = number === undefined ? name : `ZAP-${number}`;
    const title = name || id;
    const site = addressOf(siteName) ?? '(site without name)';
    this.#items.push({
      ids: [this.#idFor(id, site, title)],
      severity: severityIn(severityTable, alert.riskCode?.trim() || alert.riskDesc?.split('(')[0]),
      cvss: null,
      title,
      path: site,
      ...(alert.confidence?.trim() === '0' ? { suppressedBy: 'false positive' } : {}),
    });
  }

  /** @throws AqeError AQE2006 for a plan that ended with errors, AQE2007 if no site was reached. */
  reading(scan: Scan): Reading {
    const [error] = scan.errors;
    if (error !== undefined) {
      const detail = `the automation plan ended with errors (${scan.errors.length}), the first: ${error.slice(0, 40)}`;
      throw new AqeError('AQE2006', detail, { path: this.#path });
    }
    if (scan.sites === 0) throw new AqeError('AQE2007', 'no site was reached', { path: this.#path });
    const takenAt = zonedTime(scan.created);
    return {
      producer: { name: 'zap', ...(scan.version ? { version: scan.version } : {}) },
      ...(takenAt ? { takenAt } : {}),
      facts: [{ kind: 'security-issues', scope: 'dynamic', items: this.#items, scanned: null }],
      notices: [
        ...scan.insights
          .filter(({ level }) => !/^info/i.test(level ?? 'info'))
          .slice(0, shownInsights)
          .map(
            ({ level, description, statistic }) =>
              `insight of ZAP on its own scan (${level}): ${shortTitle(description, 'no description')} ${statistic ?? ''}`,
          )
          .map((notice) => notice.trim()),
        ...(scan.warnings.length > 0 ? [`warnings of the automation plan: ${scan.warnings.length}`] : []),
      ],
    };
  }
}
