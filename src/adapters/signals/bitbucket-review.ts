import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { cloudActivity, cloudPull, isCloudActivity, isCloudPull } from './bitbucket-review/cloud.ts';
import { isServerActivity, isServerPull, serverActivity, serverPull } from './bitbucket-review/server.ts';
import { jsonHead, objectOf } from './shared/json.ts';
import { reviewSession, type Reviewed } from './shared/review-session.ts';
import { shortTitle } from './shared/short-title.ts';

type Answer = Readonly<Record<string, unknown>>;

/**
 * Pull requests and their activities as the REST APIs of Bitbucket Cloud and of Bitbucket Server (Data Center) answer; lists also
 * as several pages, with and without the frame of a page.
 */
export const bitbucketReview: SignalReader = {
  id: 'bitbucket-review',
  title: 'Bitbucket pull request and activities JSON',
  gives: ['review'],
  names: ['bitbucket-pr*.json', 'bitbucket-pull-request*.json', 'bitbucket-review*.json', 'bitbucket-activit*.json'],
  countingUnit:
    'One verdict of a participant. Bitbucket Server ties it to the commit that was last reviewed; Bitbucket Cloud ties it to none, and it is taken to be of the head.',
  detects(head) {
    const value = jsonHead(head.text);
    const list = Array.isArray(value) ? value : objectOf(value)['values'];
    const first = objectOf(Array.isArray(list) ? list.flat()[0] : value);
    return isCloudPull(first) || isServerPull(first) || isCloudActivity(first) || isServerActivity(first);
  },
  open(file) {
    const found: Reviewed[] = [];
    const activities: Answer[] = [];
    let unfinished = false;
    const take = (value: unknown): void => {
      const root = objectOf(value);
      if (Array.isArray(value)) for (const each of value) take(each);
      else if (Array.isArray(root['values'])) {
        unfinished = 'next' in root || root['isLastPage'] === false;
        for (const each of root['values']) take(each);
      } else if (isCloudPull(root)) found.push(cloudPull(root, file));
      else if (isServerPull(root)) found.push(serverPull(root, file));
      else if (isCloudActivity(root) || isServerActivity(root)) activities.push(root);
      else refuse(root, file);
    };
    return reviewSession(file, {
      name: 'bitbucket',
      take,
      finish() {
        if (unfinished)
          throw new AqeError('AQE2006', 'the answer says that there is a next page, which is missing', {
            path: file.path,
          });
        const [first] = activities;
        if (first === undefined) return found;
        return [
          ...found,
          ...(isCloudActivity(first) ? cloudActivity(activities, file) : serverActivity(activities, file)),
        ];
      },
    });
  },
};

function refuse({ error, errors }: Answer, { path }: { readonly path: string }): never {
  const { message } = objectOf(error ?? (Array.isArray(errors) ? errors[0] : undefined));
  if (typeof message === 'string')
    throw new AqeError('AQE2006', `Bitbucket answered: ${shortTitle(message, 'an error')}`, { path });
  throw new AqeError('AQE2003', 'neither a pull request nor an activity of one', { path });
}
