import { deliverMessages, type Attempt } from '../../../app/deliver-messages.ts';
import { keptTexts } from '../../../app/kept-json.ts';
import { outboxOf, type OutboxEntry, type Way } from '../../../app/outbox.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Glyph, type Style } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const outboxCommand = command({
  name: 'outbox',
  under: 'deploy',
  summary: 'Show the messages of the outbox, or deliver what waits.',
  description:
    'A message waits until each notifier that takes it has delivered it. A failed attempt is repeated by later runs, at most five times with growing waits between them; --deliver does not wait. A delivery that failed ends in exit status 2.',
  examples: ['aqe deploy outbox', 'aqe deploy outbox --deliver', 'aqe deploy outbox --deliver --given-up --json'],
  flags: {
    ...projectFlags,
    deliver: { type: 'boolean', summary: 'Try to deliver what waits, now.' },
    'given-up': { type: 'boolean', summary: 'With --deliver: also what was given up.' },
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'shown, and nothing that was tried failed' },
  async run({ flags }, { io, open }) {
    if (flags['given-up'] && !flags.deliver) throw new AqeError('AQE1002', '--given-up goes with --deliver');
    const workspace = await open(projectOf(flags));
    const { store, clock, identity, policy } = workspace;
    try {
      const notifiers = await workspace.notifiers();
      if (flags.deliver && notifiers.length === 0) throw new AqeError('AQE7001', 'none is configured');
      const which = flags['given-up'] ? 'all' : 'waiting';
      const deps = { store, clock, identity, notifiers };
      const attempts = flags.deliver
        ? await deliverMessages(deps, { service: policy.service, which }, new AbortController().signal)
        : [];
      const entries = await outboxOf(store, policy.service, notifiers);
      const text = wantsJson(flags)
        ? json({
            schemaVersion: '1',
            service: policy.service,
            notifiers: notifiers.map(({ id }) => id),
            messages: entries.map(asData),
            attempts,
          })
        : pageOf(entries, attempts, styleFor(io, flags.ascii));
      await deliver(text, flags.output, workspace, io);
      return ending(attempts.some(({ outcome }) => outcome === 'failed') ? 2 : 0, io);
    } finally {
      await store.close();
    }
  },
});

function asData({ message, state, ways }: OutboxEntry) {
  const { id, kind, version, environment, subject, recipients, createdAt } = message;
  return {
    id,
    kind,
    version,
    environment,
    subject,
    recipients: keptTexts(recipients, 'messages'),
    createdAt,
    state,
    ways,
  };
}

const looks: Readonly<Record<Way['state'], Glyph>> = { waiting: 'unknown', delivered: 'pass', failed: 'fail' };

function pageOf(entries: readonly OutboxEntry[], attempts: readonly Attempt[], style: Style): string {
  const out = page(style);
  const count = (state: Way['state']): number => entries.filter((entry) => entry.state === state).length;
  out.heading(
    entries.length === 0
      ? 'The outbox is empty'
      : `Outbox: ${count('waiting')} waiting, ${count('delivered')} delivered, ${count('failed')} failed`,
  );
  if (entries.length > 0) out.rule();
  for (const { message, state, ways } of entries) {
    const { kind, version, environment, subject, createdAt } = message;
    out.mark(looks[state], `${short(subject, 200)}: ${state}`);
    out.line(`      ${short(kind, 60)} of ${short(version, 60)} to ${short(environment, 60)}, ${createdAt}`, 'dim');
    if (ways.length === 0) out.line('      no notifier takes it: see notify in the config', 'dim');
    for (const way of ways) out.line(`      ${short(way.notifier, 80)}: ${wordsOf(way)}`, 'dim');
  }
  if (attempts.length > 0) {
    const failed = attempts.filter(({ outcome }) => outcome === 'failed').length;
    out.line();
    out.line(`${plural(attempts.length, 'attempt')} now, ${failed} failed`);
  }
  return out.text();
}

function wordsOf({ state, attempts, lastAt, nextAt, detail }: Way): string {
  if (state === 'delivered') return `delivered ${lastAt ?? ''}`;
  const tried = attempts === 0 ? 'not tried yet' : `${plural(attempts, 'failed attempt')}, last: ${short(detail, 200)}`;
  return state === 'failed' ? `given up after ${tried}` : `${tried}${attempts === 0 ? '' : `; next from ${nextAt}`}`;
}
