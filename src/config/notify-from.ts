import { AqeError } from '../core/error/aqe-error.ts';
import { Secret } from '../core/secret/secret.ts';
import { parseDuration } from './duration.ts';
import type { NotifyConfig } from './notify-schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface NotifySettings {
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    readonly security: 'tls' | 'starttls' | 'none';
    readonly from: string;
    readonly login: { readonly user: string; readonly password: Secret } | null;
    readonly timeoutMs: number;
  } | null;
  readonly webhooks: readonly {
    readonly name: string;
    readonly url: string;
    readonly secret: Secret;
    readonly timeoutMs: number;
  }[];
}

const ports = { tls: 465, starttls: 587, none: 25 } as const;
const defaultTimeout = 10_000;
const shortestKey = 16;

/** Settings of the notifiers, with the secrets that the environment holds. @throws AqeError AQE1010 naming the variable. */
export function notifyFrom({ smtp, webhooks = [] }: NotifyConfig, env: Environment): NotifySettings {
  const security = smtp?.security ?? 'starttls';
  return {
    smtp: smtp
      ? {
          host: smtp.host,
          port: smtp.port ?? ports[security],
          security,
          from: smtp.from,
          login:
            smtp.user === undefined
              ? null
              : { user: smtp.user, password: secretOf(smtp.password_env!, 'notify.smtp.password_env', env) },
          timeoutMs: timeoutOf(smtp.timeout),
        }
      : null,
    webhooks: webhooks.map(({ name, url, secret_env, timeout }, index) => ({
      name,
      url,
      secret: secretOf(secret_env, `notify.webhooks.${index}.secret_env`, env, shortestKey),
      timeoutMs: timeoutOf(timeout),
    })),
  };
}

/** The variables that a config names for secrets. */
export function secretVariables({ smtp, webhooks = [] }: NotifyConfig): readonly string[] {
  return [...(smtp?.password_env === undefined ? [] : [smtp.password_env]), ...webhooks.map((each) => each.secret_env)];
}

function secretOf(variable: string, path: string, env: Environment, shortest = 1): Secret {
  const value = env[variable];
  if (value === undefined || value === '')
    throw new AqeError('AQE1010', `${variable} of ${path} is not set`, { variable });
  if (value.length < shortest)
    throw new AqeError('AQE1010', `${variable} of ${path} is shorter than ${shortest} characters`, { variable });
  return new Secret(value);
}

function timeoutOf(text: string | undefined): number {
  return (text === undefined ? null : parseDuration(text)) ?? defaultTimeout;
}
