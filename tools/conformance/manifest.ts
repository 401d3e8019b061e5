import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvSession } from '../../src/adapters/signals/shared/csv.ts';

/** What a manifest's author asserts of one file; keys differ by format. */
export type Truth = Readonly<Record<string, unknown>>;

export interface ManifestRow {
  readonly format: string;
  /** Relative to the corpus. */
  readonly file: string;
  readonly asserted: Truth | null;
  /** An independent count. */
  readonly computed: Truth | null;
}

/** Rows of DIR/manifest.tsv: tab separated, quoted like CSV, truths as JSON. Columns are found by name. */
export function readManifest(corpus: string): readonly ManifestRow[] {
  const path = join(corpus, 'manifest.tsv');
  const rows: ManifestRow[] = [];
  let columns: readonly string[] | null = null;
  const session = csvSession({ path }, '\t', {
    record(fields) {
      if (columns === null) {
        columns = fields;
        return;
      }
      const cell = (name: string): string => fields[columns!.indexOf(name)] ?? '';
      const truth = (column: string): Truth | null => {
        const text = cell(column).trim();
        return text === '' ? null : (JSON.parse(text) as Truth);
      };
      rows.push({
        format: cell('format'),
        file: cell('file'),
        asserted: truth('truth_asserted'),
        computed: truth('truth_computed'),
      });
    },
    finish: () => ({ producer: { name: '' }, facts: [], notices: [] }),
  });
  session.push(readFileSync(path, 'utf8'));
  session.finish();
  return rows;
}
