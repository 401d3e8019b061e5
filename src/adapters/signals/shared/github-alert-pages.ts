import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Reading } from '../../../core/evidence/reading.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { objectOf } from './json.ts';
import { jsonSequenceSession } from './json-sequence.ts';
import { shortTitle } from './short-title.ts';

export interface AlertPages {
  /** Field of GraphQL answers whose `nodes` are the alerts; absent for lists that only the REST API has. */
  readonly connection?: string;
  finish(alerts: readonly unknown[]): Reading;
}

/**
 * Alerts as GitHub's APIs answer: a REST list, several of them one after the other or in a list (`gh api --paginate`,
 * with and without `--slurp`), and GraphQL answers likewise.
 * @throws AqeError AQE2006 if the answer is an error or says that there are more pages
 */
export function alertPages(file: { readonly path: string }, pages: AlertPages): ReadingSession {
  const alerts: unknown[] = [];
  /** By the place of a connection in the answer: a later page of the same query stands at the same place. */
  const unfinished = new Map<string, boolean>();
  const { connection } = pages;
  const refuse = (detail: string): never => {
    throw new AqeError('AQE2006', detail, { path: file.path });
  };

  const take = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) {
        if (Array.isArray(each) || 'data' in objectOf(each)) take(each);
        else alerts.push(each);
      }
      return;
    }
    const root = objectOf(value);
    const refusal = refusalBy(root, /./) ?? graphErrorIn(root);
    if (refusal !== undefined) refuse(`GitHub answered: ${refusal}`);
    if (connection === undefined || !('data' in root))
      throw new AqeError('AQE2003', 'neither a list of alerts nor an answer with `data`', { path: file.path });
    if (!collect(root['data'], connection))
      throw new AqeError('AQE2003', `the answer has no \`${connection}\``, { path: file.path });
  };

  /** Looks for connections level by level; false if there is none. */
  const collect = (data: unknown, wanted: string): boolean => {
    let level: readonly { readonly at: string; readonly value: unknown }[] = [{ at: 'data', value: data }];
    let found = false;
    for (let depth = 0; depth < 10 && level.length > 0; depth += 1) {
      const next: { at: string; value: unknown }[] = [];
      for (const { at, value } of level) {
        for (const [key, child] of Object.entries(objectOf(value))) {
          const place = `${at}.${key}`;
          if (key === wanted) {
            found = true;
            takeConnection(objectOf(child), place);
          } else if (key === 'pageInfo') unfinished.set(at, objectOf(child)['hasNextPage'] === true);
          else if (Array.isArray(child))
            for (const [index, each] of child.entries()) next.push({ at: `${place}[${index}]`, value: each });
          else next.push({ at: place, value: child });
        }
      }
      level = next;
    }
    return found;
  };

  const takeConnection = (found: Readonly<Record<string, unknown>>, place: string): void => {
    const nodes = Array.isArray(found['nodes'])
      ? found['nodes']
      : Array.isArray(found['edges'])
        ? found['edges'].map((edge) => objectOf(edge)['node'])
        : undefined;
    if (!nodes) throw new AqeError('AQE2003', `\`${connection}\` has no list of alerts`, { path: file.path });
    for (const node of nodes) alerts.push(node);
    const more = objectOf(found['pageInfo'])['hasNextPage'] === true;
    // What lies inside a list is another repository on the next page.
    if (more && place.includes('[')) refuse('the answer says that a repository has more alerts on a next page');
    unfinished.set(place, more);
  };

  return jsonSequenceSession(file, {
    value: take,
    finish() {
      if ([...unfinished.values()].includes(true))
        refuse('the answer says that there is a next page, which is missing');
      return pages.finish(alerts);
    },
  });
}

/** What an error answer of the REST API says, if it is one and its link to the documentation is about the topic. */
export function refusalBy({ message, documentation_url: link }: Answer, topic: RegExp): string | undefined {
  return typeof message === 'string' && typeof link === 'string' && topic.test(link)
    ? shortTitle(message, 'an error')
    : undefined;
}

type Answer = Readonly<Record<string, unknown>>;

/** What an error answer of the GraphQL API says. */
export function graphErrorIn({ data, errors }: Answer): string | undefined {
  if (!Array.isArray(errors) || errors.length === 0 || data === undefined) return undefined;
  const { message } = objectOf(errors[0]);
  return shortTitle(typeof message === 'string' ? message : undefined, 'an error');
}
