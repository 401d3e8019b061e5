import { scalar } from './lines.ts';

const messageLimit = 500;

/** What follows a test point and belongs to it: a YAML block, or lines of text where there is none. */
export class Diagnostics {
  /** `suite` or `test`, of node:test. */
  type: string | undefined;
  file: string | undefined;
  seconds: number | null = null;
  #message = '';
  #said = '';
  /** White space before the YAML block; undefined outside of one. */
  #indent: string | undefined;
  /** Of a message over several lines, how deep it stands at least; undefined outside of one. */
  #block: number | undefined;
  #hadYaml = false;

  get message(): string {
    return this.#message || this.#said;
  }

  get isOpen(): boolean {
    return this.#indent !== undefined;
  }

  /** True if the line belongs to a YAML block, or begins one. */
  take(line: string): boolean {
    if (this.#indent !== undefined) {
      if (line.trimEnd() === `${this.#indent}...`) this.#indent = undefined;
      else this.#yaml(line, this.#indent);
      return true;
    }
    const start = /^(\s+)---\s*$/.exec(line);
    if (!start || this.#hadYaml) return false;
    this.#indent = start[1]!;
    this.#hadYaml = true;
    return true;
  }

  /** A line of text behind the point. */
  say(line: string): void {
    if (this.#hadYaml || this.#said.length >= messageLimit) return;
    this.#said = `${this.#said}${line.replace(/^\s*# ?/, '')}\n`.slice(0, messageLimit);
  }

  #yaml(line: string, indent: string): void {
    if (this.#block !== undefined) {
      if (line.trim() === '' || line.search(/\S/) >= this.#block) {
        if (this.#message.length < messageLimit) this.#message += `${line.trim()}\n`;
        return;
      }
      this.#block = undefined;
    }
    const match = /^(\s*)(error|message|type|location|duration_ms):\s*(.*)$/s.exec(line);
    if (!match) return;
    const [, white = '', key, rest = ''] = match;
    const value = scalar(rest.trimEnd());
    if (key === 'error' || key === 'message') {
      if (this.#message !== '' || value === '') return;
      if (/^[|>][-+]?$/.test(value)) this.#block = white.length + 1;
      else this.#message = value;
      // What is compared with each other may have keys of the same names.
    } else if (white !== indent) return;
    else if (key === 'type') this.type ??= value;
    else if (key === 'location') this.file ??= value.replace(/(?::\d{1,9}){1,2}$/, '');
    else if (/^\d{1,12}(?:\.\d{1,12})?$/.test(value)) this.seconds ??= Number(value) / 1000;
  }
}
