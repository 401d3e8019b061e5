import type SMTPTransport from 'nodemailer/lib/smtp-transport';
import { DeliveryError } from '../../core/error/delivery-error.ts';
import { reveal, type Secret } from '../../core/secret/secret.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { OutboxMessage } from '../../ports/store.ts';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` before anything is said, or `none`: no encryption, and so no login. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly from: string;
  readonly login: { readonly user: string; readonly password: Secret } | null;
  readonly timeoutMs: number;
  /** PEM certificates to trust instead of those of the system. */
  readonly ca?: string;
}

const mostRecipients = 100;
// An address as mail servers take it, without a name; white space, brackets and separators would begin another one.
const addressForm = /^[^\s<>()[\]\\,;:"@\p{Cc}]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/u;

/** Mail by SMTP: text only. The Message-ID follows from the id of the message, so that a second attempt is known as one. */
export function smtp(settings: SmtpSettings): Notifier {
  return {
    id: 'smtp',
    takes: ({ recipients }) => recipientsOf(recipients).length > 0,
    async deliver(message, signal) {
      const mail = mailOf(message, settings.from);
      const { createTransport } = await import('nodemailer');
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs)]);
      const transport = createTransport(transportOf(settings));
      try {
        // The types are those of an older version, which knew no signal.
        const options: Parameters<typeof transport.sendMail>[0] & { readonly signal: AbortSignal } = {
          ...mail,
          signal: deadline,
        };
        const { rejected } = await withinTime(transport.sendMail(options), deadline);
        if (rejected.length > 0)
          throw failed(
            settings,
            `the server refused ${rejected.length} of ${mail.envelope.to.length} recipients`,
            false,
          );
      } catch (error) {
        if (error instanceof DeliveryError) throw error;
        throw failureOf(error as SmtpFailure, settings, signal, deadline);
      } finally {
        transport.close();
      }
    },
  };
}

function transportOf({ host, port, security, login, timeoutMs, ca }: SmtpSettings): SMTPTransport.Options {
  return {
    host,
    port,
    secure: security === 'tls',
    // Whoever strips STARTTLS from the answer of the server gets no mail.
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca && { ca }) },
    ...(login && { auth: { user: login.user, pass: reveal(login.password) } }),
    name: 'aqe-deploy.invalid',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** @throws DeliveryError for a subject or an address that would become a header of its own. */
function mailOf(message: OutboxMessage, from: string) {
  const to = recipientsOf(message.recipients);
  const bad = (what: string): DeliveryError => new DeliveryError('AQE7002', what, { retryable: false });
  if (to.length === 0 || to.length > mostRecipients) throw bad(`mail needs 1 to ${mostRecipients} recipients`);
  if ([from, ...to].some((address) => !addressForm.test(address))) throw bad('an address is not usable');
  if (/\p{Cc}/u.test(message.subject) || message.subject.length > 500) throw bad('the subject is not one line of text');
  const id = /^[A-Za-z0-9._-]{1,200}$/.test(message.id) ? message.id : null;
  if (id === null) throw bad('the id of the message is not usable');
  return {
    envelope: { from, to: [...to] },
    from: { name: '', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject: message.subject,
    text: message.text,
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: new Date(message.createdAt),
    headers: { 'X-Aqe-Id': id, 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Nobody for a text that is no list. */
function recipientsOf(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    // It was not we who wrote that: there is nobody to send it to.
    return [];
  }
}

interface SmtpFailure extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** What the server said is not repeated: it may echo what was sent, the login among it. */
function failureOf(
  error: SmtpFailure,
  settings: SmtpSettings,
  signal: AbortSignal,
  deadline: AbortSignal,
): DeliveryError {
  if (signal.aborted) return failed(settings, 'it was interrupted', true);
  const { code, responseCode } = error;
  if (deadline.aborted || code === 'ETIMEDOUT')
    return failed(settings, `the server did not finish within ${settings.timeoutMs} ms`, true);
  if (responseCode !== undefined)
    return failed(
      settings,
      code === 'EAUTH' ? `the server refused the login (${responseCode})` : `the server answered ${responseCode}`,
      responseCode < 500,
    );
  if (code === 'ETLS') return failed(settings, 'no encrypted connection could be made', false);
  if (code === 'EAUTH' || code === 'ENOAUTH') return failed(settings, 'the server takes no login of ours', false);
  return failed(settings, `the connection failed (${code ?? 'unknown reason'})`, true);
}

function failed({ host, port }: SmtpSettings, why: string, retryable: boolean): DeliveryError {
  return new DeliveryError('AQE7002', why, { retryable, context: { notifier: 'smtp', host: `${host}:${port}` } });
}

/** The library ends the connection on the signal; a promise that it then forgets must not keep us. */
function withinTime<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('no time left'));
    if (deadline.aborted) stop();
    deadline.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', stop));
  });
}
