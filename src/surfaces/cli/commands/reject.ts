import { giveApproval } from '../../../app/give-approval.ts';
import { command } from '../command.ts';
import { conclude, inputOf, withProject, wordFlags } from './approving.ts';

const { expires: _, ...flagsWithoutExpiry } = wordFlags;

export const rejectCommand = command({
  name: 'reject',
  under: 'deploy',
  summary: 'Reject the latest decision on a release: it is BLOCKED until you approve or withdraw.',
  description:
    'Anybody who could let the release through may stop it, its authors too. A rejection does not expire; it binds to the digest of the latest assessment that is kept, as an approval does.',
  examples: ['aqe deploy reject --version v2.5.0 --comment "totals of the invoice are wrong"'],
  flags: {
    ...flagsWithoutExpiry,
    comment: { type: 'string', value: 'TEXT', required: true, summary: 'Why; shown on every report.' },
  },
  exits: { 0: 'recorded, and it counts', 4: 'recorded; it does not count' },
  run: ({ flags }, surroundings) =>
    withProject(flags, surroundings, async (workspace) => {
      const input = inputOf({ ...flags, expires: undefined }, flags.comment, workspace);
      return conclude(await giveApproval(workspace, 'reject', input), true, { flags, surroundings });
    }),
});
