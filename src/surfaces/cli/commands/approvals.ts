import { keptTexts } from '../../../app/kept-json.ts';
import { isWaiting, listApprovals } from '../../../app/list-approvals.ts';
import { ageOf } from '../../../core/report/present.ts';
import { short } from '../../../core/report/encode.ts';
import { command } from '../command.ts';
import { approvalsPage, subject } from '../render/approvals.ts';
import { page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { approvalFlags, withProject } from './approving.ts';
import { ending, json } from './assessing.ts';

export const approvalsCommand = command({
  name: 'approvals',
  under: 'deploy',
  summary: 'Show what has to be approved, who agreed, who is waited for and since when.',
  description:
    'About the latest assessment of the release that is kept. Every record is checked again: what does not count is shown with its reason. Steps of approvals.escalation whose time has come are queued.',
  examples: ['aqe deploy approvals --version v2.5.0', 'aqe deploy approvals --version v2.5.0 --json'],
  flags: approvalFlags,
  exits: { 0: 'nobody is waited for', 4: 'somebody is waited for' },
  run: ({ flags }, surroundings) =>
    withProject(flags, surroundings, async (workspace) => {
      const { io } = surroundings;
      const { hand, sanctions, since, escalated, now } = await listApprovals(workspace, flags.version);
      const { service, version, environment, status, assessedAt, decided, said } = hand;
      const { decisionDigest } = decided;
      const requests = said.requests.filter((each) => each.decisionDigest === decisionDigest);
      const code = isWaiting(sanctions) ? 4 : 0;
      if (flags.json) {
        const asked = requests.map((each) => ({ ...each, recipients: keptTexts(each.recipients, 'requests') }));
        const steps = escalated.map(({ after, ...step }) => ({ afterMs: after, ...step }));
        io.out(
          json({
            schemaVersion: '1',
            service,
            version,
            environment,
            status,
            assessedAt,
            decisionDigest,
            waitingSince: since,
            requests: asked,
            escalated: steps,
            approvals: sanctions,
          }),
        );
        return ending(code, io);
      }
      const style = styleFor(io, false);
      const out = page(style);
      out.heading(`Approvals of ${subject(hand)}: ${status} when assessed at ${assessedAt}`);
      out.line(`decision ${decisionDigest}`, 'dim');
      out.rule();
      io.out(`${out.text()}${approvalsPage(sanctions, style, { at: since, now })}`);
      const rest = page(style);
      for (const { requestedBy, createdAt, recipients, comment } of requests)
        rest.line(
          `  asked for ${ageOf(createdAt, now)} ago by ${short(requestedBy, 100)}, to ${short(keptTexts(recipients, 'requests').join(', '), 200)}${comment === '' ? '' : `: ${short(comment, 200)}`}`,
        );
      for (const { to } of escalated)
        rest.mark('warn', `escalated to ${to.map((each) => short(each, 100)).join(', ')}`);
      io.out(rest.text());
      return ending(code, io);
    }),
});
