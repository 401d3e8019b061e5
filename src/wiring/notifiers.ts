import { notifyFrom } from '../config/notify-from.ts';
import type { NotifyConfig, OutboundConfig } from '../config/notify-schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier } from '../ports/notifier.ts';

/** The sections of the config that notifiers are made of. */
export interface NotifyFileConfig {
  readonly notify?: NotifyConfig | undefined;
  readonly outbound?: OutboundConfig | undefined;
}

/** The configured notifiers, loaded when something is to be delivered. @throws AqeError AQE1010. */
export async function notifiersOf(
  { notify, outbound }: NotifyFileConfig,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<readonly Notifier[]> {
  if (notify === undefined) return [];
  const settings = notifyFrom(notify, env);
  const made: Notifier[] = [];
  if (settings.smtp) {
    const { smtp } = await import('../adapters/notify/smtp.ts');
    made.push(smtp(settings.smtp));
  }
  if (settings.webhooks.length > 0) {
    const [{ webhook }, { outboundHttp }] = await Promise.all([
      import('../adapters/notify/webhook.ts'),
      import('../adapters/http/outbound.ts'),
    ]);
    const http = outboundHttp({ allowHosts: outbound?.allow_hosts ?? [] });
    made.push(...settings.webhooks.map((each) => webhook(each, http, clock)));
  }
  return made;
}
