export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** Edits the gates of a config text. */
export interface GateEditor {
  /**
   * The config with the gates (and overrides) of `source` in place of its own; comments and all else as they were.
   * `changes` is one line a gate: added, removed, changed, with the criteria. Empty when nothing differs.
   * @throws AqeError AQE1003, AQE1004 naming the text that does not fit.
   */
  replaceGates(
    config: NamedText,
    source: NamedText,
  ): Promise<{ readonly text: string; readonly changes: readonly string[] }>;
}
