import { AqeError } from '../../core/error/aqe-error.ts';
import { nameProblem, reasonProblem } from '../../core/history/contradiction.ts';
import { instantOf } from '../../core/history/instant.ts';
import type { HistoryPlace, HistoryRow } from '../../ports/deployment-history.ts';

/** One file, given in pieces. */
export interface HistorySession {
  push(text: string): void;
  finish(): void;
}

/** Reads the files of one format. Rows go to the `emit` it was made with, as soon as they are known. */
export interface HistoryReader {
  open(path: string): HistorySession;
  /** After the last file. Gives what people should know. */
  end(): readonly string[];
}

export type Emit = (row: HistoryRow) => void;

/** Bounds of one file: rows of deployments are small. */
export const historyLimits = { maxDepth: 32, maxItems: 100_000_000, maxText: 1_000_000 } as const;

/** A word or time that cannot be. */
export function impossible(detail: string, place: HistoryPlace): AqeError {
  return new AqeError('AQE2013', detail, { ...place });
}

export function unreadable(detail: string, place: HistoryPlace, cause?: unknown): AqeError {
  return new AqeError('AQE2014', detail, { ...place }, cause);
}

/** `what` names the column or the JSON path. @throws AqeError AQE2013. */
export function nameOf(text: string, what: string, place: HistoryPlace): string {
  const problem = nameProblem(text);
  if (problem !== null) throw impossible(`${what} ${problem}`, place);
  return text;
}

/** @throws AqeError AQE2013. */
export function reasonOf(text: string, what: string, place: HistoryPlace): string {
  const problem = reasonProblem(text);
  if (problem !== null) throw impossible(`${what} ${problem}`, place);
  return text;
}

/** @throws AqeError AQE2013. */
export function timeOf(text: string, what: string, place: HistoryPlace): string {
  const instant = instantOf(text);
  if (instant === null)
    throw impossible(`${what} is no time of the form 2026-03-01T12:00:00Z, with its zone: ${quoted(text)}`, place);
  return instant;
}

/** @throws AqeError AQE2013. */
export function commitOf(text: string, what: string, place: HistoryPlace): string {
  if (!/^[0-9a-f]{7,64}$/i.test(text)) throw impossible(`${what} is no commit id: ${quoted(text)}`, place);
  return text.toLowerCase();
}

export function quoted(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 60).toWellFormed()}…`);
}
