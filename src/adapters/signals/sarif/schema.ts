import * as z from 'zod/mini';
import { handedOn } from '../shared/json-items.ts';
import { onFirstUse, text } from '../shared/schema.ts';

/*
 * The parts of SARIF 2.1.0 that are read. Tools write null where the standard says to leave a property out, so
 * everything optional is also nullable.
 */

const schemas = onFirstUse(() => {
  const index = z.nullish(z.int());
  /** A property bag, not copied: any tool puts anything here. */
  const bag = z.optional(z.unknown());

  const messageSchema = z.nullish(
    z.object({ text, markdown: text, id: text, arguments: z.nullish(z.array(z.string())) }),
  );

  const referenceSchema = z.object({
    id: text,
    index,
    guid: text,
    toolComponent: z.nullish(z.object({ index, guid: text, name: text })),
  });

  const configurationSchema = z.nullish(z.object({ level: text }));

  const descriptorSchema = z.object({
    id: text,
    guid: text,
    name: text,
    shortDescription: messageSchema,
    messageStrings: z.nullish(z.record(z.string(), z.object({ text }))),
    defaultConfiguration: configurationSchema,
    properties: bag,
  });

  const componentSchema = z.object({
    name: z.string(),
    guid: text,
    version: text,
    semanticVersion: text,
    rules: z.nullish(z.array(descriptorSchema)),
  });

  const artifactLocationSchema = z.nullish(z.object({ uri: text, index }));

  const resultSchema = z.object({
    ruleId: text,
    ruleIndex: index,
    rule: z.nullish(referenceSchema),
    level: text,
    kind: text,
    message: messageSchema,
    locations: z.nullish(
      z.array(
        z.object({
          physicalLocation: z.nullish(
            z.object({
              artifactLocation: artifactLocationSchema,
              region: z.nullish(z.object({ startLine: z.nullish(z.number()) })),
            }),
          ),
        }),
      ),
    ),
    suppressions: z.nullish(z.array(z.object({ kind: text, status: text, justification: text }))),
    baselineState: text,
    provenance: z.nullish(z.object({ invocationIndex: index })),
    properties: bag,
  });

  const notifications = z.nullish(z.array(z.object({ level: text, message: messageSchema })));

  const invocationSchema = z.object({
    executionSuccessful: z.nullish(z.boolean()),
    exitCodeDescription: text,
    endTimeUtc: text,
    toolExecutionNotifications: notifications,
    toolConfigurationNotifications: notifications,
    ruleConfigurationOverrides: z.nullish(
      z.array(z.object({ descriptor: referenceSchema, configuration: configurationSchema })),
    ),
  });

  const toolSchema = z.object({ driver: componentSchema, extensions: z.nullish(z.array(componentSchema)) });

  const runSchema = z.object({
    tool: toolSchema,
    /** Handed on one at a time; a run without the list did not look. */
    results: z.nullish(z.array(z.literal(handedOn))),
    invocations: z.nullish(z.array(invocationSchema)),
    artifacts: z.nullish(
      z.array(z.object({ location: artifactLocationSchema, roles: z.nullish(z.array(z.string())) })),
    ),
    versionControlProvenance: z.nullish(z.array(z.object({ revisionId: text }))),
    externalPropertyFileReferences: z.nullish(z.record(z.string(), z.unknown())),
  });

  /** Release candidates (`2.1.0-rtm.5`) have the same shape; 2.0.0 and 1.0.0 have not, so the version is looked at first. */
  const versionSchema = z.looseObject({ $schema: text, version: text }).check(
    z.superRefine(({ $schema, version }, context) => {
      if (/^2\.1(\.|$)/.test(version ?? ($schema?.includes('2.1') ? '2.1' : ''))) return;
      context.addIssue({ code: 'custom', message: `SARIF version ${version ?? 'is not stated'}, only 2.1.0 is read` });
    }),
  );

  const logSchema = z.pipe(versionSchema, z.object({ runs: z.nullish(z.array(runSchema)) }));
  return { messageSchema, referenceSchema, descriptorSchema, resultSchema, toolSchema, runSchema, logSchema };
});

export const logSchema = () => schemas().logSchema;
export const resultSchema = () => schemas().resultSchema;
export const toolSchema = () => schemas().toolSchema;

type Schemas = ReturnType<typeof schemas>;
export type Message = z.infer<Schemas['messageSchema']>;
export type RuleReference = z.infer<Schemas['referenceSchema']>;
export type Descriptor = z.infer<Schemas['descriptorSchema']>;
export type Result = z.infer<Schemas['resultSchema']>;
export type Tool = z.infer<Schemas['toolSchema']>;
export type Run = z.infer<Schemas['runSchema']>;
export type Log = z.infer<Schemas['logSchema']>;
