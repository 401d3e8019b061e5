import { giveApproval, withdrawWord } from '../../../app/give-approval.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { command } from '../command.ts';
import { conclude, inputOf, withProject, wordFlags } from './approving.ts';

export const approveCommand = command({
  name: 'approve',
  under: 'deploy',
  summary: 'Approve the latest decision on a release, or take back what you said.',
  description:
    'Your word binds to the digest of the latest assessment that is kept: when evidence, policy, artifact or recorded outcomes change it is void. Your key (`aqe keys init`) signs it; without one it is recorded as unverified and counts only where the policy has approvals.allow_unverified. Authors of the release and whoever asked for approval are refused.',
  examples: [
    'aqe deploy approve --version v2.5.0',
    'aqe deploy approve --version v2.5.0 --comment "checked the canary plan" --expires 8h',
    'aqe deploy approve --version v2.5.0 --withdraw 0b1c…',
  ],
  flags: {
    ...wordFlags,
    comment: { type: 'string', value: 'TEXT', summary: 'What you looked at.' },
    withdraw: { type: 'string', value: 'ID', summary: 'Take back the approval, rejection or override with this id.' },
  },
  exits: { 0: 'recorded, and no approval is missing', 4: 'recorded; it does not count, or others are waited for' },
  run: ({ flags }, surroundings) =>
    withProject(flags, surroundings, async (workspace) => {
      const input = inputOf(flags, flags.comment, workspace);
      if (flags.withdraw !== undefined) {
        if (flags.expires !== undefined) throw new AqeError('AQE1002', '--expires does not go with --withdraw');
        const withdrawn = await withdrawWord(workspace, { ...input, id: flags.withdraw });
        return conclude(withdrawn, true, { flags, surroundings });
      }
      const given = await giveApproval(workspace, 'approve', input);
      const done = given.sanctions.requirements.every(({ missing }) => missing === 0);
      return conclude(given, done, { flags, surroundings });
    }),
});
