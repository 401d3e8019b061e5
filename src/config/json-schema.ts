import * as z from 'zod/mini';
import { caseFileSchema } from './case-schema.ts';
import { configSchema } from './schema.ts';

const schemaId = 'https://aqe-deploy.dev/schema/aqe-deploy.schema.json';

/** JSON Schema (draft 2020-12) of the config file; ships as schema/aqe-deploy.schema.json. */
export function jsonSchema(): Record<string, unknown> {
  return {
    $id: schemaId,
    title: 'aqe-deploy.yaml',
    ...z.toJSONSchema(configSchema, { target: 'draft-2020-12', io: 'input' }),
  };
}

/** JSON Schema of a file of cases for `policy test`. */
export function caseJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(caseFileSchema, { target: 'draft-2020-12', io: 'input' });
}
