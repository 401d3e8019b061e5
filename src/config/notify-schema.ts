import * as z from 'zod/mini';
import { parseDuration } from './duration.ts';

const described = (description: string) => z.meta({ description });
const text = z.string().check(z.regex(/^[^\p{Cc}]{1,300}$/u, 'write 1 to 300 characters in one line'));
const variable = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'name an environment variable, not the secret itself'));
const timeout = z.string().check(
  z.refine((value) => {
    const ms = parseDuration(value);
    return ms !== null && ms >= 100 && ms <= 300_000;
  }, 'write a duration of 100ms to 5m, such as 10s'),
  z.meta({ description: 'Time for one attempt; 10s if absent.', pattern: '^\\d{1,9}(ms|s|m)$' }),
);
const address = z
  .string()
  .check(z.regex(/^[^\s@<>,;]{1,64}@[A-Za-z0-9.-]{1,253}$/, 'write an address such as aqe@example.com'));

const smtp = z
  .strictObject({
    host: text.check(described('Mail server.')),
    port: z.optional(z.int().check(z.minimum(1), z.maximum(65_535))).check(described('465, 587 or 25 if absent.')),
    security: z
      .optional(z.enum(['tls', 'starttls', 'none']))
      .check(
        described(
          'tls: encrypted from the first byte. starttls (default): before anything is said. none: no encryption.',
        ),
      ),
    from: address.check(described('Sender of the mail.')),
    user: z.optional(text).check(described('Login name, if the server asks for one.')),
    password_env: z.optional(variable).check(described('Environment variable that holds the password.')),
    timeout: z.optional(timeout),
  })
  .check(
    z.refine((value) => (value.user === undefined) === (value.password_env === undefined), {
      error: 'user and password_env go together',
      path: ['user'],
    }),
    z.refine((value) => value.security !== 'none' || value.user === undefined, {
      error: 'a password is not sent without encryption; use tls or starttls',
      path: ['security'],
    }),
  );

const webhook = z.strictObject({
  name: z
    .string()
    .check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'use letters, digits, - and _, starting with a letter')),
  url: z.string().check(
    z.maxLength(2000),
    z.refine((value) => {
      const url = URL.canParse(value) ? new URL(value) : null;
      return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    }, 'write an https URL without user and password'),
    described('Where messages are posted to; https, or a host of outbound.allow_hosts.'),
  ),
  secret_env: variable.check(
    described('Environment variable that holds the key of the signature, 16 characters or more.'),
  ),
  timeout: z.optional(timeout),
});

/** Section `notify`: who is told, and how. Secrets are named by their variables, never written. */
export const notifySchema = z.strictObject({
  smtp: z.optional(smtp),
  webhooks: z.optional(
    z
      .array(webhook)
      .check(
        z.refine(
          (hooks) => new Set(hooks.map(({ name }) => name)).size === hooks.length,
          'two webhooks have the same name: deliveries are recorded under it',
        ),
      ),
  ),
});

/** Section `outbound`: what may be reached beyond public addresses over https. */
export const outboundSchema = z.strictObject({
  allow_hosts: z
    .optional(
      z.array(
        z
          .string()
          .check(
            z.regex(/^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/, 'write a host or host:port'),
          ),
      ),
    )
    .check(described('Hosts that may also be reached over http and at private addresses.')),
});

export type NotifyConfig = z.infer<typeof notifySchema>;
export type OutboundConfig = z.infer<typeof outboundSchema>;
