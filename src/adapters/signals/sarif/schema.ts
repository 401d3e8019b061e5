import * as z from 'zod';

/*
 * The parts of SARIF 2.1.0 that are read. Tools write null where the standard says to leave a property out, so
 * everything optional is also nullable. A log may hold half a million results: keep what is checked on each of them small.
 */

const text = z.string().nullish();
const index = z.number().int().nullish();
/** A property bag, not copied: any tool puts anything here. */
const bag = z.unknown().optional();

const messageSchema = z.object({ text, markdown: text, id: text, arguments: z.array(z.string()).nullish() }).nullish();

const referenceSchema = z.object({
  id: text,
  index,
  guid: text,
  toolComponent: z.object({ index, guid: text, name: text }).nullish(),
});

const configurationSchema = z.object({ level: text }).nullish();

const descriptorSchema = z.object({
  id: text,
  guid: text,
  name: text,
  shortDescription: messageSchema,
  messageStrings: z.record(z.string(), z.object({ text })).nullish(),
  defaultConfiguration: configurationSchema,
  properties: bag,
});

const componentSchema = z.object({
  name: z.string(),
  guid: text,
  version: text,
  semanticVersion: text,
  rules: z.array(descriptorSchema).nullish(),
});

const artifactLocationSchema = z.object({ uri: text, index }).nullish();

const resultSchema = z.object({
  ruleId: text,
  ruleIndex: index,
  rule: referenceSchema.nullish(),
  level: text,
  kind: text,
  message: messageSchema,
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({
            artifactLocation: artifactLocationSchema,
            region: z.object({ startLine: z.number().nullish() }).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  suppressions: z.array(z.object({ kind: text, status: text, justification: text })).nullish(),
  baselineState: text,
  provenance: z.object({ invocationIndex: index }).nullish(),
  properties: bag,
});

const notifications = z.array(z.object({ level: text, message: messageSchema })).nullish();

const invocationSchema = z.object({
  executionSuccessful: z.boolean().nullish(),
  exitCodeDescription: text,
  endTimeUtc: text,
  toolExecutionNotifications: notifications,
  toolConfigurationNotifications: notifications,
  ruleConfigurationOverrides: z
    .array(z.object({ descriptor: referenceSchema, configuration: configurationSchema }))
    .nullish(),
});

const runSchema = z.object({
  tool: z.object({ driver: componentSchema, extensions: z.array(componentSchema).nullish() }),
  results: z.array(resultSchema).nullish(),
  invocations: z.array(invocationSchema).nullish(),
  artifacts: z.array(z.object({ location: artifactLocationSchema, roles: z.array(z.string()).nullish() })).nullish(),
  versionControlProvenance: z.array(z.object({ revisionId: text })).nullish(),
  externalPropertyFileReferences: z.record(z.string(), z.unknown()).nullish(),
});

/** Release candidates (`2.1.0-rtm.5`) have the same shape; 2.0.0 and 1.0.0 have not, so the version is looked at first. */
const versionSchema = z.looseObject({ $schema: text, version: text }).superRefine(({ $schema, version }, context) => {
  if (/^2\.1(\.|$)/.test(version ?? ($schema?.includes('2.1') ? '2.1' : ''))) return;
  context.addIssue({ code: 'custom', message: `SARIF version ${version ?? 'is not stated'}, only 2.1.0 is read` });
});

export const logSchema = versionSchema.pipe(z.object({ runs: z.array(runSchema).nullish() }));

export type Message = z.infer<typeof messageSchema>;
export type RuleReference = z.infer<typeof referenceSchema>;
export type Descriptor = z.infer<typeof descriptorSchema>;
export type Result = z.infer<typeof resultSchema>;
export type Run = z.infer<typeof runSchema>;
export type Log = z.infer<typeof logSchema>;
