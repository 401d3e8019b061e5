import { requestApproval } from '../../../app/request-approval.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { short } from '../../../core/report/encode.ts';
import { command } from '../command.ts';
import { approvalsPage, subject } from '../render/approvals.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { approvalFlags, expiryOf, withProject } from './approving.ts';
import { ending, json } from './assessing.ts';

export const approveRequestCommand = command({
  name: 'approve-request',
  under: 'deploy',
  summary: 'Ask people to approve the latest decision on a release.',
  description:
    'Records the request and queues a message to the recipients. Whoever asks cannot approve. Steps of approvals.escalation whose time has come are queued too.',
  examples: ['aqe deploy approve-request --version v2.5.0 --recipients "vp-eng@company.com"'],
  flags: {
    ...approvalFlags,
    recipients: {
      type: 'string',
      value: 'A,B',
      summary: 'Addresses, separated by commas; else everybody in the policy who is waited for.',
    },
    comment: { type: 'string', value: 'TEXT', summary: 'What they should know.' },
    expires: { type: 'string', value: 'TIME', summary: 'Until when it is asked for: 4h, or a time with its zone.' },
  },
  exits: { 0: 'the request is recorded and its message queued' },
  run: ({ flags }, surroundings) =>
    withProject(flags, surroundings, async (workspace) => {
      const { io } = surroundings;
      const { hand, request, recipients, cannot, sanctions } = await requestApproval(workspace, {
        version: flags.version,
        recipients: recipientsOf(flags.recipients),
        comment: flags.comment ?? '',
        expiresAt: expiryOf(flags.expires, workspace.clock.now()),
      });
      const { service, version, environment } = hand;
      if (flags.json) {
        const requested = { ...request, recipients };
        const release = { schemaVersion: '1', service, version, environment };
        const { decisionDigest } = request;
        io.out(json({ ...release, decisionDigest, requested, cannotApprove: cannot, approvals: sanctions }));
        return ending(0, io);
      }
      const out = page(styleFor(io, false));
      const people = recipients.map((each) => short(each, 100)).join(', ');
      out.mark('pass', `asked for approval of ${subject(hand)}: message to ${people} is queued`, { at: 0 });
      out.line(`  decision ${request.decisionDigest.slice(0, 12)}, until ${request.expiresAt}`, 'dim');
      for (const each of cannot)
        out.mark('warn', `${short(each, 100)} gets the message and could not give what is missing`, { at: 0 });
      io.out(`${out.text()}${approvalsPage(sanctions, styleFor(io, false))}`);
      return ending(0, io);
    }),
});

/** @throws AqeError AQE1002. */
function recipientsOf(list: string | undefined): readonly string[] {
  if (list === undefined) return [];
  const addresses = [...new Set(list.split(',').map((each) => each.trim()))].filter((each) => each !== '');
  const wrong = addresses.find((each) => !/^[^\s@<>,;:"'\\]+@[^\s@<>,;:"'\\]+$/.test(each));
  if (wrong !== undefined || addresses.length === 0)
    throw new AqeError('AQE1002', `--recipients: ${JSON.stringify((wrong ?? list).slice(0, 60))} is no e-mail address`);
  if (addresses.length > 50) throw new AqeError('AQE1002', '--recipients has more than 50 addresses');
  return addresses;
}
