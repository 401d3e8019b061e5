import { AqeError } from '../../../core/error/aqe-error.ts';
import { defaultContentLimits, type ContentLimits } from '../../../core/evidence/limits.ts';
import type { ReportFile } from '../../../ports/signal-reader.ts';

/** Refuses, by name, what is above the limits of a file. @throws AqeError AQE2005 from every method. */
export class Bounds {
  readonly #file: ReportFile;
  readonly limits: ContentLimits;
  #items = 0;

  constructor(file: ReportFile) {
    this.#file = file;
    this.limits = file.limits ?? defaultContentLimits;
  }

  /** `depth` is 1 for the outermost. */
  depth(depth: number, line?: number): void {
    if (depth > this.limits.maxDepth)
      this.#refuse(`it is nested deeper than ${this.limits.maxDepth} (max_depth)`, line);
  }

  /** One more element, value, record or line; or several. */
  item(line?: number, count = 1): void {
    this.#items += count;
    if (this.#items > this.limits.maxItems)
      this.#refuse(`it has more than ${this.limits.maxItems} items (max_items)`, line);
  }

  /** `what` is the thing that is so long: `a line`, `a string`. */
  text(length: number, what: string, line?: number): void {
    if (length > this.limits.maxText)
      this.#refuse(`${what} is longer than ${this.limits.maxText} characters (max_text)`, line);
  }

  #refuse(detail: string, line: number | undefined): never {
    throw new AqeError('AQE2005', detail, { path: this.#file.path, ...(line === undefined ? {} : { line }) });
  }
}
