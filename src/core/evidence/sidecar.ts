import { AqeError } from '../error/aqe-error.ts';

export const sidecarName = 'aqe-evidence.json';

/** What a pipeline says about the reports it produced, carried along with them. */
export interface Sidecar {
  readonly schemaVersion: 1;
  readonly commit: string | null;
  /** Digest of the sources at that commit, and the paths (relative to the project) that it leaves out. */
  readonly sources: { readonly sha256: string; readonly except: readonly string[] } | null;
  /** Digest or name of the artifact that was built from the commit. */
  readonly artifact: string | null;
  /** Who stamped: a pipeline, a person, a tool. */
  readonly producer: string;
  readonly stampedAt: string;
  readonly files: readonly SidecarFile[];
}

export interface SidecarFile {
  /** Relative to the sidecar's folder, forward slashes, inside it. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Reader that claimed it when it was stamped: tells what is missing if the file does not arrive. */
  readonly format: string | null;
}

/** @throws AqeError AQE2010 for anything that is not a sidecar of version 1. */
export function parseSidecar(path: string, text: string): Sidecar {
  const refuse = (detail: string, cause?: unknown): never => {
    throw new AqeError('AQE2010', detail, { path }, cause);
  };
  const record = (value: unknown, what: string): Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : refuse(`${what} is not an object`);
  const string = (value: unknown, what: string, pattern: RegExp): string =>
    typeof value === 'string' && pattern.test(value) ? value : refuse(`${what} is not valid`);
  const optional = (value: unknown, what: string, pattern: RegExp): string | null =>
    value === null || value === undefined ? null : string(value, what, pattern);
  const list = (value: unknown, what: string): readonly unknown[] =>
    Array.isArray(value) && value.length <= 100_000 ? value : refuse(`${what} is not a list`);

  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    return refuse('it is not JSON', cause);
  }
  const root = record(parsed, 'it');
  if (root['schemaVersion'] !== 1) refuse('its schemaVersion is not 1');
  const sources = root['sources'] === null || root['sources'] === undefined ? null : record(root['sources'], 'sources');
  const stampedAt = string(root['stampedAt'], 'stampedAt', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
  if (Number.isNaN(Date.parse(stampedAt))) refuse('stampedAt is not a time');
  return {
    schemaVersion: 1,
    commit: optional(root['commit'], 'commit', commitPattern),
    sources: sources && {
      sha256: string(sources['sha256'], 'sources.sha256', digestPattern),
      except: list(sources['except'], 'sources.except').map((each) => string(each, 'sources.except', innerPath)),
    },
    artifact: optional(root['artifact'], 'artifact', /^.{1,500}$/s),
    producer: string(root['producer'], 'producer', /^.{1,200}$/s),
    stampedAt,
    files: list(root['files'], 'files').map((each) => {
      const file = record(each, 'an entry of files');
      const bytes = file['bytes'];
      if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0)
        return refuse('files.bytes is not valid');
      return {
        path: string(file['path'], 'files.path', innerPath),
        sha256: string(file['sha256'], 'files.sha256', digestPattern),
        bytes,
        format: optional(file['format'], 'files.format', /^[a-z0-9-]{1,64}$/),
      };
    }),
  };
}

const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const digestPattern = /^[0-9a-f]{64}$/;
/** Relative, forward slashes, no `.` or `..` segment, no control character. */
// oxlint-disable-next-line no-control-regex
const innerPath = /^(?!\/)(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\u0000-\u001f\\]{1,1000}$/;
