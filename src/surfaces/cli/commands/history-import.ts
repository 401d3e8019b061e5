import { importOutcomes, type Imported, type ImportRequest } from '../../../app/import-outcomes.ts';
import { inferredHistory } from '../../../app/inferred-history.ts';
import { trainModel } from '../../../app/train-model.ts';
import type { Workspace } from '../../../app/workspace.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { outcomeStates } from '../../../core/history/outcome.ts';
import { short } from '../../../core/report/encode.ts';
import { number, plural } from '../../../core/signal/format.ts';
import { historyFormats, type HistoryFormat } from '../../../ports/deployment-history.ts';
import { command, jsonFlag, outputFlags, projectFlags, type FlagSpecs, type FlagValues } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, given, json, projectOf } from './assessing.ts';

const flags = {
  format: {
    type: 'string',
    value: historyFormats.join('|'),
    choices: historyFormats,
    summary: 'Format of the files; else the content of each says.',
  },
  statuses: { type: 'string', value: 'FILE', summary: 'One more file, with statuses of GitHub deployments.' },
  'from-git-tags': {
    type: 'boolean',
    summary: 'Guess outcomes from release tags, hotfixes and reverts: a base rate, and nothing more.',
  },
  'dry-run': { type: 'boolean', summary: 'Read and check everything, say what would change, keep nothing.' },
  ...projectFlags,
  environment: {
    type: 'string',
    value: 'NAME',
    summary:
      'Import only what went there; deployments that name no environment did. Else those went where the config says.',
  },
  service: {
    type: 'string',
    value: 'NAME',
    summary:
      'Import only what is of this service; deployments that name none are. Else those are of the one of the config.',
  },
  ...jsonFlag,
  ...outputFlags,
} as const satisfies FlagSpecs;

export const historyImportCommand = command({
  name: 'history import',
  under: 'deploy',
  summary: 'Import what was deployed, and how it ended, from files of other systems or from git tags.',
  description:
    'Reads our own columns as CSV or JSON lines, and deployments as the REST APIs of GitHub and GitLab give them. Everything is checked before anything is kept. A second import of the same adds nothing; what changed amends. A version that is deployed again in place of a younger one rolls that one back. What somebody recorded stays.',
  examples: [
    'aqe deploy history import deployments.csv --dry-run',
    'aqe deploy history import deployments.json --statuses statuses.json --environment production',
    'aqe deploy history import --from-git-tags',
  ],
  flags,
  positional: { name: 'files', summary: 'Files to import.', required: false, many: true },
  exits: { 0: 'imported, or nothing was new' },
  async run({ flags, positionals }, { io, open }) {
    refuseUnfitting(flags, positionals);
    const workspace = await open(projectOf(flags));
    try {
      const request = await requestOf(flags, positionals, workspace);
      const imported = await importOutcomes(workspace, request);
      if (!request.dryRun && imported.added + imported.amended > 0) await trainModel(workspace, workspace.policy);
      const text = flags.json
        ? json({
            schemaVersion: '1',
            origin: request.origin,
            basis: request.basis,
            dryRun: request.dryRun,
            ...imported,
          })
        : importPage(imported, request, styleFor(io, flags.ascii));
      await deliver(text, flags.output, workspace, io);
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});

type Values = FlagValues<typeof flags>;

/** @throws AqeError AQE1002. */
function refuseUnfitting(flags: Values, files: readonly string[]): void {
  const fromTags = flags['from-git-tags'];
  if (fromTags && (files.length > 0 || flags.format !== undefined || flags.statuses !== undefined))
    throw new AqeError('AQE1002', '--from-git-tags goes without files, --format and --statuses');
  if (!fromTags && files.length === 0) throw new AqeError('AQE1002', 'name files to import, or --from-git-tags');
  if (flags.statuses !== undefined && flags.format !== undefined && flags.format !== 'github')
    throw new AqeError('AQE1002', '--statuses goes with GitHub deployments');
}

async function requestOf(flags: Values, files: readonly string[], workspace: Workspace): Promise<ImportRequest> {
  const common = {
    only: { environment: flags.environment !== undefined, service: flags.service !== undefined },
    dryRun: flags['dry-run'],
  };
  if (flags['from-git-tags']) {
    const history = await workspace.releaseLog.read();
    if (history === null) throw new AqeError('AQE2011', 'the project is not in a git repository');
    const { service } = workspace.policy;
    const chunk = inferredHistory(history, { service, now: workspace.clock.now() });
    return {
      ...common,
      basis: 'inferred',
      origin: 'git-tags',
      async *rows() {
        yield chunk;
      },
    };
  }
  const format = flags.format as HistoryFormat | undefined;
  const statuses = flags.statuses === undefined ? [] : [flags.statuses];
  const rows = () => workspace.deploymentHistory.rows({ files, statuses, ...given({ format }) });
  return { ...common, basis: 'observed', origin: format ?? 'files', rows };
}

/** `: shop in staging, shop in qa`. */
function elsewhereNames({ elsewhereIn }: Imported): string {
  const names = elsewhereIn
    .slice(0, 5)
    .map(({ service, environment }) => `${short(service, 60)} in ${short(environment, 60)}`);
  return `: ${[...names, ...(elsewhereIn.length > names.length ? ['…'] : [])].join(', ')}`;
}

function importPage(imported: Imported, { basis, dryRun }: ImportRequest, style: Style): string {
  const { rows, added, amended, unchanged, left, elsewhere, rolledBack, outcomes, scopes, from, to } = imported;
  const out = page(style);
  out.heading(`${plural(rows, 'deployment')} read${dryRun ? ', nothing kept (dry run)' : ''}`);
  for (const { service, environment, rows: count } of scopes.slice(0, 20))
    out.line(`  ${short(service, 60)} in ${short(environment, 60)}: ${number(count)}`);
  if (scopes.length > 20) out.line(`  and ${plural(scopes.length - 20, 'more environment', 'more environments')}`);
  if (from !== null && to !== null) out.field('Deployed', `${from} to ${to}`);
  out.field(
    'Outcomes',
    outcomeStates.flatMap((state) => (outcomes[state] > 0 ? [`${number(outcomes[state])} ${state}`] : [])).join(', ') ||
      'none',
  );
  out.field(
    dryRun ? 'Would be' : 'Kept',
    `${number(added)} new, ${number(amended)} amended, ${number(unchanged)} known already`,
  );
  if (rolledBack > 0)
    out.field('Rolled back', `${number(rolledBack)}, since an older version was deployed again in their place`);
  if (left > 0)
    out.field('Left', `${number(left)} as ${basis === 'inferred' ? 'they were observed' : 'somebody recorded them'}`);
  if (elsewhere > 0)
    out.field('Left out', `${number(elsewhere)} of other environments or services${elsewhereNames(imported)}`);
  for (const notice of imported.notices) out.mark('warn', notice, { at: 0 });
  if (basis === 'inferred')
    out.mark(
      'warn',
      'These outcomes are inferred from tags and commits: a base rate only. Nobody watched the deployments.',
      {
        at: 0,
      },
    );
  if (rows === 0) out.line('Nothing to keep. Does --environment or --service name what the files name?', 'dim');
  else if (dryRun && added + amended === 0) out.line('Nothing new: there is nothing to keep', 'dim');
  else
    out.line(
      dryRun
        ? 'Next: the same without --dry-run keeps them'
        : 'Next: aqe deploy assess for the next release takes them into account',
      'dim',
    );
  return out.text();
}
