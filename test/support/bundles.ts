import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { archiveEnd, entryHead, padding, tarEntries } from '../../src/adapters/files/bundle/tar.ts';
import { aqe, type CliResult } from './cli.ts';
import { temporaryFolder } from './git-repository.ts';
import type { Project } from './project.ts';

export const version = 'v2.5.0';

/** A release that was assessed, and its bundle, which lies in a folder of its own. */
export interface Bundled {
  readonly assessed: CliResult;
  readonly bundled: CliResult;
  readonly file: string;
}

type Options = { readonly assess?: readonly string[]; readonly bundle?: readonly string[] };

/** Assesses the release, does whatever comes between, and bundles the decision. */
export async function bundleOf(
  { root }: Pick<Project, 'root'>,
  { assess = [], bundle = [] }: Options = {},
  between: () => unknown = () => undefined,
): Promise<Bundled> {
  const assessed = await aqe(root, ['assess', '--version', version, '--json', ...assess]);
  await between();
  const file = join(temporaryFolder(), 'release.aqe.tgz');
  const bundled = await aqe(root, ['bundle', '--version', version, '--output', file, ...bundle]);
  return { assessed, bundled, file };
}

/** Makes the decision of a bundle again in an empty folder; the project is gone. */
export function again({ root }: Pick<Project, 'root'>, file: string, ...flags: readonly string[]): Promise<CliResult> {
  rmSync(root, { recursive: true, force: true });
  return aqe(temporaryFolder(), ['assess', '--bundle', file, '--json', ...flags], { env: { PATH: '', HOME: '' } });
}

/** A member of an archive, in any shape that one can have. */
export interface Member {
  readonly name: string;
  readonly content: Uint8Array;
  /** The header as bytes, where it is not that of `name` and `content`. */
  readonly head?: Uint8Array;
}

export async function membersOf(archive: Uint8Array): Promise<readonly Member[]> {
  const members: Member[] = [];
  for await (const { name, content } of tarEntries(Readable.from([gunzipSync(archive)]))) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content()) chunks.push(Uint8Array.from(chunk));
    members.push({ name, content: Buffer.concat(chunks) });
  }
  return members;
}

export function tarOf(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ name, content, head }) => [
    head ?? entryHead(name, content.length),
    content,
    padding(content.length),
  ]);
  return Buffer.concat([...blocks, archiveEnd]);
}

export function archiveOf(members: readonly Member[]): Buffer {
  return gzipSync(tarOf(members));
}

export type Edits = Readonly<Record<string, (text: string) => string | null>>;

/** The bundle with some of its texts changed (null: gone), and a manifest that fits it again. */
export function edited(members: readonly Member[], edits: Edits): Buffer {
  const changed = members.flatMap(({ name, content }) => {
    const edit = edits[name];
    const text = edit ? edit(Buffer.from(content).toString('utf8')) : null;
    if (edit && text === null) return [];
    return [{ name, content: text === null ? content : Buffer.from(text) }];
  });
  if (edits['manifest.json']) return archiveOf(changed);
  const digest = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
  const texts = changed.filter(({ name }) => !name.startsWith('evidence/') && name !== 'manifest.json');
  const evidence = changed.filter(({ name }) => name.startsWith('evidence/'));
  const manifest = {
    schemaVersion: '1',
    texts: texts.map(({ name, content }) => ({ name, sha256: digest(content) })),
    evidence: evidence.map(({ name, content }) => ({
      path: name.slice('evidence/'.length),
      sha256: digest(content),
      bytes: content.length,
    })),
  };
  return archiveOf([{ name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) }, ...texts, ...evidence]);
}
