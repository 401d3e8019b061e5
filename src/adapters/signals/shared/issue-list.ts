import { itemLimit, tally, type CodeIssue, type CodeIssues, type Severity } from '../../../core/evidence/reading.ts';
import { isLine } from './is-line.ts';
import { ownText } from './own-text.ts';
import { worstFirst } from './worst-first.ts';

const messageLimit = 500;
const namedFiles = 10;

export interface FoundIssue {
  readonly rule: string | null | undefined;
  readonly severity: Severity;
  readonly message: string | null | undefined;
  readonly path?: string | null | undefined;
  /** Ignored if it is no line: 0, negative, not whole. */
  readonly line?: number | null | undefined;
}

/** Collects the findings of one report as they come: all are counted, of each severity the first `itemLimit` are kept. */
export class IssueList {
  readonly #counts = tally();
  readonly #kept: CodeIssue[] = [];
  readonly #notAnalysed = new Set<string>();
  #suppressed = 0;

  /** Open findings so far. */
  get total(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  add({ rule, severity, message, path, line }: FoundIssue): void {
    if (++this.#counts[severity] > itemLimit) return;
    this.#kept.push({
      rule: ownText(rule || 'no-rule'),
      severity,
      message: ownText((message ?? '').trim().slice(0, messageLimit)),
      ...(path ? { path: ownText(path) } : {}),
      ...(isLine(line) ? { line } : {}),
    });
  }

  /**
   * A file that the tool could not look into, for a syntax error or a fault of the tool: critical, since what is wrong in
   * it is not known, and named in the notices.
   */
  addNotAnalysed(issue: Omit<FoundIssue, 'severity'>): void {
    this.add({ ...issue, severity: 'critical' });
    this.#notAnalysed.add(ownText(issue.path || '(file without name)'));
  }

  addSuppressed(): void {
    this.#suppressed += 1;
  }

  get suppressed(): number {
    return this.#suppressed;
  }

  fact(filesChecked: number | null): CodeIssues {
    return {
      kind: 'code-issues',
      counts: this.#counts,
      suppressed: this.#suppressed,
      filesChecked,
      items: worstFirst(this.#kept).slice(0, itemLimit),
    };
  }

  /** One sentence for each file that was not analysed; past the first few only their number. */
  notices(): readonly string[] {
    const files = [...this.#notAnalysed];
    const more = files.length - namedFiles;
    return [
      ...files.slice(0, namedFiles).map((path) => `${path} was not analysed`),
      ...(more > 0 ? [`more files that were not analysed: ${more}`] : []),
    ];
  }
}

/** A line number from an attribute or a field; undefined if there is none. */
export function lineFrom(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[1-9]\d{0,14}\s*$/.test(text) ? Number(text) : undefined;
}
