import { emergencyApprove } from '../../../app/emergency-approve.ts';
import { command } from '../command.ts';
import { conclude, inputOf, withProject, wordFlags } from './approving.ts';

export const emergencyApproveCommand = command({
  name: 'emergency-approve',
  under: 'deploy',
  summary: 'Let a release through in an emergency, whatever speaks against it; a review is owed.',
  description:
    'Works offline. With your key you are the approver and --approver may be left out; without that person’s key --approver is a claim, recorded as unverified, and opens nothing until that person runs the command. `emergency` in the config says whose roles may, for how long it holds and when the review is due.',
  examples: [
    'aqe deploy emergency-approve --version v2.4.4-hotfix --justification "Critical security patch"',
    'aqe deploy emergency-approve --version v2.4.4-hotfix --approver cto@company.com --justification "Critical security patch"',
  ],
  flags: {
    ...wordFlags,
    justification: { type: 'string', value: 'TEXT', summary: 'Why; at least 10 characters, shown on every report.' },
  },
  exits: { 0: 'recorded, and it holds', 4: 'recorded; it does not count, or others are waited for' },
  run: ({ flags }, surroundings) =>
    withProject(flags, surroundings, async (workspace) => {
      const given = await emergencyApprove(workspace, inputOf(flags, flags.justification, workspace));
      const { person } = given.record;
      const more = {
        'review due': given.reviewDueAt,
        'to confirm it':
          given.reviewDueAt === null
            ? `${person} runs this command with their key, which the config lists under people`
            : null,
      };
      return conclude(given, (given.sanctions.emergency?.opened ?? null) !== null, { flags, surroundings, more });
    }),
});
