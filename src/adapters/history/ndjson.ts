import * as z from 'zod/mini';
import { featureIds, type FeatureId } from '../../core/prediction/features.ts';
import { pageSession, shaped } from './json-values.ts';
import { ownRow, textColumns, type OwnValues } from './own-row.ts';
import type { Emit, HistoryReader } from './reader.ts';

const text = z.nullish(z.string());
const rowSchema = z.strictObject({
  ...(Object.fromEntries(textColumns.map((column) => [column, text])) as Record<
    (typeof textColumns)[number],
    typeof text
  >),
  unplanned: z.nullish(z.boolean()),
  ...(Object.fromEntries(featureIds.map((id) => [id, z.nullish(z.number())])) as Record<
    FeatureId,
    z.ZodMiniOptional<z.ZodMiniNullable<z.ZodMiniNumber>>
  >),
});

/** One JSON object a line with our own columns as keys. null says nothing. */
export function ndjsonHistory(emit: Emit): HistoryReader {
  return {
    open: (path) =>
      pageSession(path, (value) => {
        const row = shaped(rowSchema, value);
        const texts: { -readonly [K in keyof OwnValues['texts']]: string } = {};
        for (const column of textColumns) {
          const said = row[column];
          if (typeof said === 'string') texts[column] = said;
        }
        const features: Partial<Record<FeatureId, number>> = {};
        for (const id of featureIds) {
          const said = row[id];
          if (typeof said === 'number') features[id] = said;
        }
        emit(ownRow('ndjson', { texts, unplanned: row.unplanned ?? undefined, features }, value.place));
      }),
    end: () => [],
  };
}
