import * as z from 'zod/mini';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { jsonSession, objectOf } from '../shared/json.ts';
import { onFirstUse, text } from '../shared/schema.ts';
import { readingOf, type Bom, type BomComponent, type BomVulnerability } from './bom.ts';

const schemas = onFirstUse(() => {
  const vulnerability = z.object({
    id: text,
    'bom-ref': text,
    references: z.nullish(z.array(z.object({ id: text }))),
    ratings: z.nullish(
      z.array(
        z.object({ score: z.nullish(z.union([z.number(), z.string()])), severity: text, method: text, vector: text }),
      ),
    ),
    description: text,
    detail: text,
    affects: z.nullish(
      z.array(
        z.object({
          ref: z.string(),
          versions: z.nullish(z.array(z.object({ version: text, range: text, status: text }))),
        }),
      ),
    ),
    analysis: z.nullish(z.object({ state: text, justification: text, detail: text })),
  });
  const bom = z.object({
    specVersion: z.string().check(z.regex(/^1\.\d{1,2}$/, 'a version other than 1.x is not read')),
    metadata: z.nullish(
      z.object({ timestamp: text, tools: z.nullish(z.unknown()), component: z.nullish(z.unknown()) }),
    ),
    // Components nest without a limit: they are looked at one by one.
    components: z.nullish(z.array(z.unknown())),
    services: z.nullish(z.array(z.unknown())),
    vulnerabilities: z.nullish(z.array(vulnerability)),
  });
  return { vulnerability, bom };
});

type Schemas = ReturnType<typeof schemas>;

export function cyclonedxJson(file: { readonly path: string }): ReadingSession {
  return jsonSession(file, schemas().bom, (bom) => readingOf(toBom(bom)));
}

function toBom(bom: z.infer<Schemas['bom']>): Bom {
  const { metadata } = bom;
  const subjects = flatten([metadata?.component]);
  return {
    tools: toolsOf(metadata?.tools),
    timestamp: metadata?.timestamp,
    subject: subjects[0] ?? null,
    components: flatten([...(bom.components ?? []), ...(bom.services ?? [])]).concat(subjects.slice(1)),
    vulnerabilities: bom.vulnerabilities?.map(toVulnerability) ?? null,
  };
}

/** Components and all that are inside them. */
function flatten(values: readonly unknown[]): BomComponent[] {
  const found: BomComponent[] = [];
  const open = values.toReversed();
  while (open.length > 0) {
    const one = objectOf(open.pop());
    if (typeof one['name'] === 'string')
      found.push({
        ref: textOr(one['bom-ref']),
        group: textOr(one['group']),
        name: one['name'],
        version: textOr(one['version']),
        purl: textOr(one['purl']),
      });
    for (const key of ['components', 'services']) {
      const inner = one[key];
      if (Array.isArray(inner)) for (let at = inner.length - 1; at >= 0; at -= 1) open.push(inner[at]);
    }
  }
  return found;
}

/** A list until 1.4, later also an object with components and services. */
function toolsOf(tools: unknown): Bom['tools'] {
  const { components, services } = objectOf(tools);
  return [tools, components, services].flatMap((list) =>
    Array.isArray(list)
      ? list.map((tool) => ({ name: textOr(objectOf(tool)['name']), version: textOr(objectOf(tool)['version']) }))
      : [],
  );
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function toVulnerability(one: z.infer<Schemas['vulnerability']>): BomVulnerability {
  const ids = [one.id || one['bom-ref'], ...(one.references?.map(({ id }) => id) ?? [])].filter((id): id is string =>
    Boolean(id),
  );
  return {
    ids: ids.length > 0 ? ids : ['no-identifier'],
    ratings: (one.ratings ?? []).map(({ score, severity, method, vector }) => ({ score, severity, method, vector })),
    description: one.description || one.detail,
    affects: (one.affects ?? []).map(({ ref, versions }) => ({
      ref,
      versions: (versions ?? []).map(({ version, range, status }) => ({ version, range, status })),
    })),
    state: one.analysis?.state,
    justification: one.analysis?.justification,
    detail: one.analysis?.detail,
  };
}
