import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading, SecurityIssue } from '../../../core/evidence/reading.ts';
import { addressOf } from '../shared/address.ts';
import { advisoryIdsIn } from '../shared/advisory-ids.ts';
import { shortTitle } from '../shared/short-title.ts';
import { toldApart } from '../shared/told-apart.ts';
import { vulnerability } from '../shared/vulnerability.ts';

type Text = string | null | undefined;

/** One item, as the three formats write it. */
export interface FoundItem {
  readonly host: Text;
  readonly port: Text;
  readonly id: Text;
  /** With or without its prefix; 0 stands for none. */
  readonly osvdb: Text;
  readonly references: Text;
  readonly url: Text;
  readonly message: Text;
}

/** Collects the items of one report. */
export class FoundItems {
  readonly #path: string;
  readonly #items: SecurityIssue[] = [];
  readonly #idFor = toldApart();
  #hosts = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get count(): number {
    return this.#items.length;
  }

  addHost(): void {
    this.#hosts += 1;
  }

  add(item: FoundItem): void {
    const message = item.message ?? '';
    const title = shortTitle(message, `item ${item.id || 'without id'}`);
    const server = [item.host, item.port].filter(Boolean).join(':');
    const path = addressOf(`${server}${item.url ?? ''}`);
    const number = /\d+/.exec(item.osvdb ?? '')?.[0];
    const osvdb = number && Number(number) > 0 ? `OSVDB-${number}` : undefined;
    // Other messages of one number at one address, as of uncommon headers, are other items: what they share would join them.
    const own = item.id ? this.#idFor(`NIKTO-${item.id}`, path ?? '', title) : undefined;
    const alone = own === undefined || own === `NIKTO-${item.id}`;
    this.#items.push(
      vulnerability({
        ids: [...advisoryIdsIn(`${item.references ?? ''} ${message.slice(0, 4000)}`), ...(alone ? [osvdb] : []), own],
        severity: 'unknown',
        title,
        path,
      }),
    );
  }

  /** @throws AqeError AQE2007 if no host was scanned. */
  reading(version: Text, notices: readonly string[] = []): Reading {
    if (this.#hosts === 0) throw new AqeError('AQE2007', 'no host was scanned', { path: this.#path });
    return {
      producer: { name: 'nikto', ...(version ? { version } : {}) },
      facts: [{ kind: 'security-issues', scope: 'dynamic', items: this.#items, scanned: null }],
      notices,
    };
  }
}
