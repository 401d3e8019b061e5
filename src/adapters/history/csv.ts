import { AqeError } from '../../core/error/aqe-error.ts';
import { featureIds, type FeatureId } from '../../core/prediction/features.ts';
import type { HistoryPlace } from '../../ports/deployment-history.ts';
import { csvSession, separatorOf } from '../signals/shared/csv.ts';
import { ownColumns, ownRow, unknownWord, type OwnValues, type TextColumn } from './own-row.ts';
import { historyLimits, impossible, quoted, unreadable, type Emit, type HistoryReader } from './reader.ts';

const yes = ['true', 'yes', '1'];
const no = ['false', 'no', '0'];

/**
 * Lines of our own columns under a header. An empty field says nothing. The last line ends with a line break as well: without it
 * nobody could tell a whole number from the start of one.
 */
export function csvHistory(emit: Emit): HistoryReader {
  return {
    open(path) {
      let columns: readonly string[] | null = null;
      let last = '';
      let head: string | null = '';
      let session: ReturnType<typeof csvSession<void>> | null = null;
      const record = (fields: readonly string[], line: number): void => {
        const place = { path, line };
        if (columns === null) columns = headerOf(fields, place);
        else emit(ownRow('csv', valuesOf(columns, fields, place), place));
      };
      const begin = (text: string): void => {
        const separator = separatorOf(text.slice(0, (text.indexOf('\n') + 1 || text.length + 1) - 1));
        session = csvSession<void>({ path, limits: historyLimits }, separator, { record, finish: () => undefined });
        session.push(text);
        head = null;
      };
      return {
        push(text) {
          last = text.at(-1) ?? last;
          if (head === null) return session!.push(text);
          head += text;
          if (head.includes('\n')) return begin(head);
          if (head.length > historyLimits.maxText) throw unreadable('its first line is too long', { path, line: 1 });
        },
        finish() {
          if (head !== null) begin(head);
          session!.finish();
          if (last !== '\n')
            throw unreadable('the last line has no line break, so it may have been cut short: add one if it is whole', {
              path,
            });
        },
      };
    },
    end: () => [],
  };
}

function headerOf(fields: readonly string[], place: HistoryPlace): readonly string[] {
  const columns = fields.map((field) => field.trim());
  for (const [index, column] of columns.entries()) {
    if (!ownColumns.includes(column)) throw new AqeError('AQE2015', `column ${unknownColumn(column)}`, { ...place });
    if (columns.indexOf(column) < index) throw unreadable(`column ${column} is there twice`, place);
  }
  const missing = ['version', 'deployed_at', 'outcome'].filter((column) => !columns.includes(column));
  if (missing.length > 0) throw new AqeError('AQE2015', `there is no column ${missing.join(', ')}`, { ...place });
  return columns;
}

function unknownColumn(column: string): string {
  return unknownWord(column, ownColumns);
}

function valuesOf(columns: readonly string[], fields: readonly string[], place: HistoryPlace): OwnValues {
  if (fields.length !== columns.length)
    throw unreadable(`it has ${fields.length} fields, the header names ${columns.length}`, place);
  const texts: { -readonly [K in keyof OwnValues['texts']]: string } = {};
  const features: Partial<Record<FeatureId, number>> = {};
  let unplanned: boolean | undefined;
  for (const [index, column] of columns.entries()) {
    const text = fields[index]!;
    if (text.trim() === '') continue;
    const feature = featureIds.find((id) => id === column);
    if (feature !== undefined) features[feature] = numberOf(text, column, place);
    else if (column === 'unplanned') unplanned = yesOrNo(text, place);
    else texts[column as TextColumn] = column === 'reason' ? text : text.trim();
  }
  return { texts, unplanned, features };
}

function numberOf(text: string, column: string, place: HistoryPlace): number {
  if (!/^\s*\d{1,15}(?:\.\d{1,15})?\s*$/.test(text)) throw impossible(`${column} is no number: ${quoted(text)}`, place);
  return Number(text);
}

function yesOrNo(text: string, place: HistoryPlace): boolean {
  const word = text.trim().toLowerCase();
  if (yes.includes(word)) return true;
  if (no.includes(word)) return false;
  throw impossible(`unplanned is neither true nor false: ${quoted(text)}`, place);
}
