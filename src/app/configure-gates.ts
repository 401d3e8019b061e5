import type { GateEditor } from '../ports/gate-editor.ts';
import type { Workspace } from './workspace.ts';

export interface ConfigureGatesDeps extends Pick<Workspace, 'project' | 'configPath' | 'output'> {
  readonly editor: GateEditor;
  /** @throws AqeError AQE1005. */
  readonly readText: (path: string) => string;
}

/**
 * Puts the gates of a file into the project's config.
 * @throws AqeError AQE1003, AQE1004 for a file that does not fit; then nothing is written. AQE1007 if it cannot be written.
 */
export async function configureGates(
  deps: ConfigureGatesDeps,
  file: string,
  cwd: string,
): Promise<{ readonly path: string; readonly changes: readonly string[] }> {
  const path = deps.configPath ?? 'aqe-deploy.yaml';
  const from = file.startsWith('/') ? file : `${cwd}/${file}`;
  const target = path.startsWith('/') ? path : `${deps.project}/${path}`;
  const before = deps.configPath === null ? '' : deps.readText(target);
  const { text, changes } = await deps.editor.replaceGates(
    { path, text: before },
    { path: file, text: deps.readText(from) },
  );
  if (changes.length > 0) await deps.output.write(target, text, { verbatim: true });
  return { path, changes };
}
