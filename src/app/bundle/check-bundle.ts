import type { Assessment } from '../../core/decision/assessment.ts';
import type { AuditEntry } from '../../core/audit/event.ts';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { OpenBundle } from '../../ports/bundle-archive.ts';
import { entriesIn, sliceFault } from './audit-slice.ts';
import { isText, objectIn, parsedJson } from './bundle-json.ts';
import { bundleNames } from './bundle-request.ts';
import { differences } from './differences.ts';
import { replay, type Replayed, type ReplayDeps } from './replay.ts';

export interface CheckBundleDeps extends ReplayDeps {
  /** Turns an assessment into its JSON, as it was printed and kept. */
  readonly json: (value: unknown) => string;
}

export interface CheckedBundle extends Replayed {
  /** The decision as it was printed then; evaluating it again gave the same bytes. */
  readonly text: string;
  readonly slice: readonly AuditEntry[];
}

/** Texts that every bundle has. The statement is only there if something was signed. */
const needed = [
  bundleNames.request,
  bundleNames.policy,
  bundleNames.answers,
  bundleNames.decision,
  bundleNames.people,
  bundleNames.audit,
  bundleNames.checkpoints,
];

/**
 * Everything that a bundle says about itself: the manifest, the chain of the audit log, and that the decision comes out with the
 * same bytes. Nothing here is proof of who wrote it.
 * @throws AqeError AQE3050 for what is no bundle, AQE3053 for one that was changed, AQE3051 for one of another version.
 */
export async function checkBundle(deps: CheckBundleDeps, bundle: OpenBundle): Promise<CheckedBundle> {
  checkManifest(bundle);
  const text = bundle.text(bundleNames.decision);
  const decided = objectIn(parsedJson(text, bundleNames.decision), bundleNames.decision) as unknown as Assessment;
  const slice = entriesIn(bundle.text(bundleNames.audit), bundleNames.audit);
  const fault = sliceFault(slice, decided, deps.identity);
  if (fault !== null) throw new AqeError('AQE3053', fault);
  const replayed = await replay(deps, bundle);
  if (deps.json(replayed.assessment) !== text) {
    const places = differences(decided, JSON.parse(deps.json(replayed.assessment)));
    const what = places.length > 0 ? places.join(', ') : 'the way it is written';
    throw new AqeError('AQE3053', `evaluating it again gives another decision; different: ${what}`);
  }
  return { ...replayed, text, slice };
}

/** Everything the manifest names is there as it was, and nothing else is. */
function checkManifest(bundle: OpenBundle): void {
  const manifest = objectIn(parsedJson(bundle.text(bundleNames.manifest), bundleNames.manifest), bundleNames.manifest);
  if (manifest['schemaVersion'] !== '1') throw new AqeError('AQE3051', 'it was written by another version');
  const named = new Map<string, string>();
  for (const [list, key, start] of [
    ['texts', 'name', ''],
    ['evidence', 'path', 'evidence/'],
  ] as const) {
    const items = manifest[list];
    if (!Array.isArray(items)) throw new AqeError('AQE3050', `the manifest has no ${list}`);
    for (const item of items as readonly unknown[]) {
      const { [key]: name, sha256 } = objectIn(item, 'an entry of the manifest');
      if (!isText(name) || !isText(sha256)) throw new AqeError('AQE3050', 'the manifest has an entry without a name');
      named.set(start + name, sha256);
    }
  }
  const lacking = needed.find((name) => !named.has(name));
  if (lacking !== undefined) throw new AqeError('AQE3050', `the manifest does not name ${lacking}`);
  for (const [name, sha256] of named)
    if (bundle.sha256(name) !== sha256) throw new AqeError('AQE3053', `${name} is not what the manifest says`);
  const stray = bundle.names.find((name) => name !== bundleNames.manifest && !named.has(name));
  if (stray !== undefined) throw new AqeError('AQE3053', `the manifest does not know ${stray}`);
}
