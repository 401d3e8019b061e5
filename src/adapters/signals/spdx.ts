import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { readingOfDocument } from './spdx/document.ts';
import { readingOfGraph, spdxSeverities } from './spdx/graph.ts';
import { spdxTagValue } from './spdx/tag-value.ts';

const schema = onFirstUse(() => {
  const document = z.object({
    spdxVersion: text,
    '@graph': z.optional(z.array(z.unknown())),
    creationInfo: z.nullish(z.object({ creators: z.nullish(z.array(z.string())), created: text })),
    packages: z.nullish(
      z.array(
        z.object({
          name: z.string(),
          versionInfo: text,
          externalRefs: z.nullish(
            z.array(z.object({ referenceCategory: text, referenceType: text, referenceLocator: text })),
          ),
        }),
      ),
    ),
  });
  return z.union([
    // GitHub wraps the documents that it exports.
    z.pipe(
      z.object({ sbom: document }),
      z.transform(({ sbom }) => sbom),
    ),
    document,
  ]);
});

/** SPDX 2.x as JSON and tag-value, and SPDX 3 as JSON-LD. A list of packages is no scan, and says nothing of security. */
export const spdx: SignalReader = {
  id: 'spdx',
  title: 'SPDX JSON and tag-value',
  gives: ['security-issues', 'vex'],
  names: ['*.spdx', '*.spdx.json', 'spdx*.json'],
  countingUnit:
    'Version 2: one pair of package and advisory (CVE or GHSA) that it refers to. Version 3: one pair of package and vulnerability.',
  severities: spdxSeverities,
  detects(head) {
    if (/^\s*(#[^\n]*\n\s*)*SPDXVersion:\s/.test(head.text)) return true;
    const root = objectOf(jsonHead(head.text));
    if (typeof root['spdxVersion'] === 'string' || root['SPDXID'] === 'SPDXRef-DOCUMENT') return true;
    if (typeof objectOf(root['sbom'])['spdxVersion'] === 'string') return true;
    const contexts = Array.isArray(root['@context']) ? root['@context'] : [root['@context']];
    return contexts.some((context) => typeof context === 'string' && /spdx\.org\/rdf\/3/.test(context));
  },
  open: (file) =>
    byFirstCharacter(file, (first) => {
      if (first !== '{' && first !== '[') return spdxTagValue(file);
      return jsonSession(file, schema(), ({ spdxVersion, '@graph': graph, creationInfo, packages }) => {
        if (graph) return readingOfGraph(graph, file.path);
        if (!/^SPDX-2\.\d+$/.test(spdxVersion ?? ''))
          throw new AqeError('AQE2003', 'its spdxVersion is not 2.x, and it has no graph of version 3', {
            path: file.path,
          });
        return readingOfDocument({
          creators: creationInfo?.creators ?? [],
          created: creationInfo?.created ?? undefined,
          packages: (packages ?? []).map((one) => ({
            name: one.name,
            version: one.versionInfo ?? undefined,
            references: (one.externalRefs ?? []).map((reference) => ({
              category: reference.referenceCategory ?? '',
              type: reference.referenceType ?? '',
              locator: reference.referenceLocator ?? '',
            })),
          })),
        });
      });
    }),
};
