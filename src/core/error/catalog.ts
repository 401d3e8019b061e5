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
  AQE6001: {
    title: 'State database cannot be opened',
    exit: 2,
    hint: 'Check the permissions of the .agentic-qe folder and the space left on the disk.',
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
    hint: 'Check the permissions of the .agentic-qe folder and the space left on the disk.',
  },
} as const satisfies Record<`AQE${number}`, CatalogEntry>;

export type ErrorCode = keyof typeof catalog;
