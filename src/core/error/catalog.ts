/**
 * Every error a user can meet, as data. Codes are permanent: never reuse or renumber one.
 * The first digit is the area: 1 config and usage, 2 evidence, 3 policy, 4 metrics, 5 rollout, 6 store, 7 notify, 8 server.
 */
export interface CatalogEntry {
  readonly title: string;
  /** Process exit status when the error ends a command: 2 broken, 3 evidence that cannot be used. */
  readonly exit: 2 | 3;
  /** What the reader does next. */
  readonly hint: string;
}

export const catalog = {
  AQE1001: {
    title: 'Unknown command',
    exit: 2,
    hint: 'Run `aqe deploy --help` for the list of commands.',
  },
  AQE1002: {
    title: 'The command line does not fit the command',
    exit: 2,
    hint: 'Run the command with --help to see its flags.',
  },
  AQE1003: {
    title: 'Config file is not valid YAML',
    exit: 2,
    hint: 'Fix the file at the line shown.',
  },
  AQE1004: {
    title: 'Config file does not fit the schema',
    exit: 2,
    hint: 'Fix the key shown; the JSON Schema ships as schema/aqe-deploy.schema.json.',
  },
  AQE1005: {
    title: 'Config file cannot be read',
    exit: 2,
    hint: 'Check the path and its permissions.',
  },
  AQE1006: {
    title: 'File exists and is not overwritten',
    exit: 2,
    hint: 'Remove the file, or choose another path.',
  },
  AQE1007: {
    title: 'Output file cannot be written',
    exit: 2,
    hint: 'Check that the folder exists, is writable and has space left.',
  },
  AQE1008: {
    title: 'Project folder cannot be read',
    exit: 2,
    hint: 'Point --project at an existing folder.',
  },
  AQE1009: {
    title: 'Address of the state database is not usable',
    exit: 2,
    hint: 'Give a URL like postgres://user:password@host:5432/database?sslmode=verify-full in AQE_DATABASE_URL, or unset it to use the file of the project.',
  },
  AQE1010: {
    title: 'Environment variable of a secret is not set',
    exit: 2,
    hint: 'Set the variable where the command runs; the config holds only its name.',
  },
  AQE1011: {
    title: 'Policy revision is not usable',
    exit: 2,
    hint: 'Name a git revision such as origin/main in --policy-ref or AQE_POLICY_REF, or leave both out.',
  },
  AQE2001: {
    title: 'Report is empty',
    exit: 3,
    hint: 'Run the tool again; a report without content measures nothing.',
  },
  AQE2002: {
    title: 'Report is not well-formed',
    exit: 3,
    hint: 'Write the report again; it was cut short, joined with another one or is not what its name says.',
  },
  AQE2003: {
    title: 'Report does not have the shape of its format',
    exit: 3,
    hint: 'Check the version of the tool that wrote it and the format that was recognised.',
  },
  AQE2004: {
    title: 'Format is not recognised',
    exit: 3,
    hint: 'Run `aqe deploy evidence --help` for the formats that are read.',
  },
  AQE2005: {
    title: 'Report exceeds a limit',
    exit: 3,
    hint: 'Split the report, or raise the limit under `evidence.limits` if you trust its origin.',
  },
  AQE2006: {
    title: 'Tool reports that it failed',
    exit: 3,
    hint: 'Fix the run of the tool; its report says that the result is not complete.',
  },
  AQE2007: {
    title: 'Report measures nothing',
    exit: 3,
    hint: 'Make sure the tool executed something; a report of zero items is no evidence.',
  },
  AQE2008: {
    title: 'File cannot be opened as evidence',
    exit: 3,
    hint: 'Evidence is a regular file inside the project: no link out of it, no device, no pipe.',
  },
  AQE2009: {
    title: 'Text encoding cannot be decoded',
    exit: 3,
    hint: 'Write the report as UTF-8.',
  },
  AQE2010: {
    title: 'Evidence sidecar cannot be used',
    exit: 3,
    hint: 'Make it again with `aqe deploy evidence stamp FILES…`.',
  },
  AQE2011: {
    title: 'Git history cannot be read',
    exit: 2,
    hint: 'Check that git is installed and that the folder is a readable repository.',
  },
  AQE2012: {
    title: 'Git revision does not exist',
    exit: 2,
    hint: 'Fetch the tags and commits (`git fetch --tags --unshallow`), or name another revision.',
  },
  AQE2013: {
    title: 'Outcome or time of a deployment cannot be',
    exit: 2,
    hint: 'Correct the statement at the place shown; nothing of this run was kept.',
  },
  AQE2014: {
    title: 'Deployment history cannot be read',
    exit: 2,
    hint: 'Check the name and --format, or export the file again; nothing of this run was kept.',
  },
  AQE2015: {
    title: 'Deployment history is of an unknown format',
    exit: 2,
    hint: 'Name it with --format: ndjson, csv, github or gitlab; docs/guides/outcomes.md shows what each looks like.',
  },
  AQE2016: {
    title: 'Release was never assessed',
    exit: 2,
    hint: 'Assess it first with `aqe deploy assess --version VERSION`, not as a --dry-run, for the same service and environment.',
  },
  AQE3001: {
    title: 'Gate is not in the policy',
    exit: 2,
    hint: 'Run `aqe deploy config print` for the gates of the policy.',
  },
  AQE3002: {
    title: 'Checklist item does not exist',
    exit: 2,
    hint: 'Run `aqe deploy checklist` for the items.',
  },
  AQE3010: {
    title: 'Key file cannot be used',
    exit: 2,
    hint: 'A key is an Ed25519 key in PKCS#8 PEM, in a regular file that only its owner can read; `aqe keys init` makes one.',
  },
  AQE3011: {
    title: 'Envelope cannot be read',
    exit: 2,
    hint: 'Take the file as it was written: one line of JSON, copied without changing a byte.',
  },
  AQE3012: {
    title: 'Signature does not hold',
    exit: 2,
    hint: 'Check that the file is the one that was signed, and that every key that signed it is among the trusted ones.',
  },
  AQE3013: {
    title: 'No key is trusted',
    exit: 2,
    hint: 'Name the public keys with --key or --keys; the key that an envelope itself names proves nothing.',
  },
  AQE3014: {
    title: 'There is nothing to state a decision about',
    exit: 2,
    hint: 'Name the digest of the artifact, or assess inside the git repository: a statement is about a digest.',
  },
  AQE3020: {
    title: 'Freeze rule cannot be used',
    exit: 2,
    hint: 'Correct the rule in `freezes`; `aqe deploy freezes` shows when it holds.',
  },
  AQE3030: {
    title: 'No assessment is kept that this could be about',
    exit: 2,
    hint: 'Run `aqe deploy assess` for this version and environment first, without --dry-run.',
  },
  AQE3031: {
    title: 'The decision is another one now',
    exit: 2,
    hint: 'Look at the latest assessment, then name its digest or leave --digest out.',
  },
  AQE3032: {
    title: 'The policy does not let this person say so',
    exit: 2,
    hint: 'Run `aqe deploy approvals` to see who is waited for; the attempt is in the audit log.',
  },
  AQE3033: {
    title: 'The time is longer than the policy allows',
    exit: 2,
    hint: 'Give a shorter --expires, or leave it out for the longest that is allowed.',
  },
  AQE3034: {
    title: 'Justification is missing or too short',
    exit: 2,
    hint: 'Say in at least 10 characters why this has to be, or what the review found; it stands on every report.',
  },
  AQE3035: {
    title: 'Gate cannot be overridden',
    exit: 2,
    hint: 'Only a gate that is closed in the latest assessment can be, where the policy has `gate_overrides.enabled`.',
  },
  AQE3036: {
    title: 'There is nothing to withdraw',
    exit: 2,
    hint: 'Run `aqe deploy approvals --json` for the ids of what was said; everybody withdraws their own only.',
  },
  AQE3037: {
    title: 'There is no review to close',
    exit: 2,
    hint: 'Run `aqe deploy approvals` for the reviews that are owed, each with its version.',
  },
  AQE3003: {
    title: 'Policy has no such environment or service',
    exit: 2,
    hint: 'Add it under `environments` or `services` of the config, or correct the name.',
  },
  AQE3050: {
    title: 'Bundle cannot be read',
    exit: 2,
    hint: 'Get the file again; `aqe deploy bundle` writes one.',
  },
  AQE3051: {
    title: 'Bundle does not answer what is asked of it',
    exit: 2,
    hint: 'Evaluate it with the version of aqe-deploy that wrote it.',
  },
  AQE3052: {
    title: 'Decision cannot be bundled',
    exit: 2,
    hint: 'Run `aqe deploy assess` again and bundle that decision. --include-secrets packs evidence that holds a secret.',
  },
  AQE3053: {
    title: 'Bundle is not what it was',
    exit: 2,
    hint: 'Do not trust it: get it again from where it was written.',
  },
  AQE3054: {
    title: 'There is no such decision',
    exit: 2,
    hint: 'Run `aqe deploy assess` for the release first.',
  },
  AQE3040: {
    title: 'Policy cannot be read from its revision',
    exit: 2,
    hint: 'Commit the config to that revision, fetch it, or name the one that protects your policy.',
  },
  AQE3041: {
    title: 'Test cases of the policy cannot be used',
    exit: 2,
    hint: 'Correct the file at the line shown; docs/guides/policy.md shows a file of cases.',
  },
  AQE6001: {
    title: 'State database cannot be opened',
    exit: 2,
    hint: 'Check the permissions of the .agentic-qe folder and the space left on the disk; on PostgreSQL, the role and its rights.',
  },
  AQE6002: {
    title: 'State database is damaged',
    exit: 2,
    hint: 'Move .agentic-qe/deploy.db away and restore it from a backup; nothing was written to it.',
  },
  AQE6003: {
    title: 'State database is locked by another process',
    exit: 2,
    hint: 'Wait for the other process to end, then run the command again.',
  },
  AQE6004: {
    title: 'State database was written by a newer version',
    exit: 2,
    hint: 'Upgrade aqe-deploy to the version that wrote it.',
  },
  AQE6005: {
    title: 'State database cannot be written',
    exit: 2,
    hint: 'Check the permissions of the .agentic-qe folder and the space left on the disk; on PostgreSQL, the role and its rights.',
  },
  AQE6006: {
    title: 'Audit log is broken',
    exit: 2,
    hint: 'Run `aqe audit verify` for what is wrong; keep the database as it is and compare it with a backup.',
  },
  AQE6007: {
    title: 'Checkpoint of the audit log cannot be kept',
    exit: 2,
    hint: 'Check .agentic-qe/audit-checkpoints.jsonl and the system key; the next write that succeeds makes a checkpoint of everything.',
  },
  AQE6008: {
    title: 'Audit spool cannot be used',
    exit: 2,
    hint: 'Check .agentic-qe/audit-spool.jsonl: its permissions, the space left on the disk, and that nobody edited it.',
  },
  AQE6009: {
    title: 'State database cannot be reached',
    exit: 2,
    hint: 'Check that the server runs and that AQE_DATABASE_URL names its host, port and sslmode, then run the command again.',
  },
  AQE6010: {
    title: 'State database is not copied',
    exit: 2,
    hint: 'Nothing was added to the target; copy a sound database to one without records.',
  },
  AQE7001: {
    title: 'Notifier cannot be used',
    exit: 2,
    hint: 'Configure `notify.smtp` or `notify.webhooks`; `aqe deploy outbox` shows what waits.',
  },
  AQE7002: {
    title: 'Message is not delivered',
    exit: 2,
    hint: 'It stays in the outbox; `aqe deploy outbox --deliver` tries again.',
  },
  AQE7003: {
    title: 'Address is not allowed',
    exit: 2,
    hint: 'Only https to public addresses is; name the host under `outbound.allow_hosts` if it is one of yours.',
  },
} as const satisfies Record<`AQE${number}`, CatalogEntry>;

export type ErrorCode = keyof typeof catalog;
