import { findFreezes, type FoundFreezes } from '../../../app/find-freezes.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { FrozenBy } from '../../../core/freeze/freeze.ts';
import { zoneText } from '../../../core/freeze/zone-text.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page, type Page } from '../render/page.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const freezesCommand = command({
  name: 'freezes',
  under: 'deploy',
  summary: 'Show the change freezes that hold, and the next ones.',
  description:
    'Reads `freezes` of the policy. Times are shown in the zone of the rule and in UTC. A release that names no --region goes to all of them, and the freeze of any region holds it up.',
  examples: [
    'aqe deploy freezes',
    'aqe deploy freezes --at 2026-12-24T18:00+01:00 --region eu-west',
    'aqe deploy freezes --environment staging --count 10 --json',
  ],
  flags: {
    at: { type: 'string', value: 'TIME', summary: 'Instant with Z or an offset (2026-12-24T18:00+01:00); else now.' },
    region: { type: 'string', value: 'NAME', summary: 'Region of the release; else it goes to all.' },
    count: { type: 'string', value: 'N', default: '5', summary: 'How many of the next freezes to show, 0 to 100.' },
    ...projectFlags,
    format: formatFlag('text', 'json'),
    ...jsonFlag,
    ...outputFlags,
  },
  exits: { 0: 'nothing is frozen', 4: 'changes are frozen' },
  async run({ flags }, { io, open }) {
    const count = countOf(flags.count);
    const asked = flags.at === undefined ? null : instantOf(flags.at);
    const workspace = await open(projectOf(flags));
    const { service, environment } = workspace.policy;
    const scope = { environment, region: flags.region ?? null };
    const at = asked ?? workspace.clock.now();
    const found = await findFreezes(workspace, { ...scope, at, count });
    const frozen = found.active.length > 0;
    const shown = { service, ...scope, at: at.toISOString(), frozen, ...found };
    const text = wantsJson(flags)
      ? json({ schemaVersion: '1', ...shown })
      : freezesPage(shown, styleFor(io, flags.ascii));
    await deliver(text, flags.output, workspace, io);
    return ending(frozen ? 4 : 0, io);
  },
});

interface Shown extends FoundFreezes {
  readonly service: string;
  readonly environment: string;
  readonly region: string | null;
  readonly at: string;
  readonly frozen: boolean;
}

function freezesPage({ service, environment, region, at, frozen, active, upcoming }: Shown, style: Style): string {
  const out = page(style);
  const place = `${short(environment, 60)}${region === null ? '' : `, region ${short(region, 60)}`}`;
  out.heading(`Changes of ${short(service, 60)} in ${place}: ${frozen ? 'FROZEN' : 'not frozen'} at ${utc(at)}`);
  out.rule();
  if (!frozen) out.mark('pass', 'no freeze holds');
  for (const freeze of active) {
    out.mark('fail', `${title(freeze)}: until ${times(freeze.until, freeze.zone)}`);
    out.line(`      since ${times(freeze.from, freeze.zone)}`, 'dim');
    reason(out, freeze);
  }
  out.heading(upcoming.length === 0 ? 'No freeze to come is shown.' : `Next ${plural(upcoming.length, 'freeze')}`);
  for (const freeze of upcoming) {
    out.mark('skip', `${title(freeze)}: from ${times(freeze.from, freeze.zone)}`);
    out.line(`      until ${times(freeze.until, freeze.zone)}`, 'dim');
    reason(out, freeze);
  }
  return out.text();
}

function title({ name, regions }: FrozenBy): string {
  return `${short(name, 100)}${regions === null ? '' : ` (${short(regions.join(', '), 100)})`}`;
}

function reason(out: Page, freeze: FrozenBy): void {
  if (freeze.reason !== '') out.line(`      ${short(freeze.reason, 300)}`, 'dim');
}

function times(at: string, zone: string): string {
  return `${zoneText(at, zone)} ${short(zone, 60)} = ${utc(at)}`;
}

/** Whole seconds, without the milliseconds that no freeze has. */
function utc(at: string): string {
  return at.replace('.000Z', 'Z');
}

function countOf(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 100)
    throw new AqeError('AQE1002', '--count is not a number from 0 to 100');
  return Number(text);
}

function instantOf(text: string): Date {
  const [, date = ''] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const day = Date.parse(`${date}T00:00:00Z`);
  const instant = Date.parse(text);
  // A 30th of February is read as a day in March.
  if (Number.isNaN(instant) || Number.isNaN(day) || !new Date(day).toISOString().startsWith(date))
    throw new AqeError('AQE1002', '--at is not an instant like 2026-12-24T18:00Z or 2026-12-24T18:00+01:00');
  return new Date(instant);
}
