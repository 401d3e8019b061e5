import * as z from 'zod/mini';
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
