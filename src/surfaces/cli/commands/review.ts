import { closeReview } from '../../../app/close-review.ts';
import { inline, short } from '../../../core/report/encode.ts';
import { command } from '../command.ts';
import { approvalFlags, withProject, wordFlags } from './approving.ts';
import { ending, json } from './assessing.ts';

export const reviewCommand = command({
  name: 'review',
  under: 'deploy',
  summary: 'Close the review that an emergency approval owes.',
  description:
    'Somebody else than the emergency approver closes it, with their key. A review that is overdue is a warning on every assessment of the service.',
  examples: ['aqe deploy review --version v2.4.4-hotfix --note "patch was right; the alert came 20 minutes late"'],
  flags: {
    ...approvalFlags,
    note: { type: 'string', value: 'TEXT', required: true, summary: 'What the review found.' },
    approver: wordFlags.approver,
  },
  exits: { 0: 'closed' },
  run: ({ flags }, surroundings) =>
    withProject(flags, surroundings, async (workspace) => {
      const { io } = surroundings;
      const { version, note, approver } = flags;
      const closed = await closeReview(workspace, { version, note, approver });
      if (flags.json) io.out(json({ schemaVersion: '1', closed }));
      else
        for (const { service, by, approval } of closed)
          io.out(
            `review of ${short(service, 60)} ${short(version, 60)} closed by ${short(by, 100)} (emergency approval ${inline(approval)})\n`,
          );
      return ending(0, io);
    }),
});
