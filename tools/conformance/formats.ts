import { signalReaders } from '../../src/adapters/signals/index.ts';

/** Reader ids that are right for a format of a manifest, where they are not the format's own name. Undefined: any reader may claim the file. */
const readersOf: Readonly<Record<string, readonly string[] | undefined>> = {
  'autocannon-json': ['autocannon'],
  'pnpm-audit': ['npm-audit'],
  // Yarn 2 and 3 print the object that npm 6 printed.
  'yarn-audit': ['yarn-audit', 'npm-audit'],
  'vitest-json': ['jest-json'],
  'stryker-mutation': ['stryker'],
  'gitlab-sast': ['gitlab'],
  'gitlab-dast': ['gitlab'],
  'gitlab-dependency-scanning': ['gitlab'],
  'gitlab-container-scanning': ['gitlab'],
  'gitlab-secret-detection': ['gitlab'],
  sonarqube: ['sonarqube', 'sonarqube-quality-gate'],
  'scm-api': ['github-review', 'gitlab-review', 'bitbucket-review'],
  'bad-input': undefined,
  encoding: undefined,
};

/** Whether there is a reader for the format at all. What is asserted of others says nothing of us. */
export function isRead(format: string): boolean {
  const ids = format in readersOf ? readersOf[format] : [format];
  return ids === undefined || ids.some((id) => signalReaders.some((reader) => reader.id === id));
}

/** Whether the reader is one of the format itself, and not of another that the file also is. */
export function isOwnReader(format: string, reader: string | null): boolean {
  const ids = format in readersOf ? readersOf[format] : [format];
  return reader !== null && (ids?.includes(reader) ?? true);
}

/** Whether a file of the format may be read by the reader. */
export function mayRead(format: string, reader: string): boolean {
  // Many tools can write SARIF too; then that is what the file is.
  if (reader === 'sarif') return true;
  if (!(format in readersOf)) return format === reader;
  return readersOf[format]?.includes(reader) ?? true;
}
