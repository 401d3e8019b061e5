/** Files that a user asked to have written. */
export interface OutputFile {
  /**
   * Writes a whole file or nothing: the old content stays until the new one is complete. Missing folders are made.
   * Secrets are taken out, unless it is `verbatim`: a file of the user that is edited and is no result of ours.
   * @throws AqeError AQE1007; AQE1006 if `exclusive` and the file exists.
   */
  write(
    path: string,
    text: string,
    options?: { readonly exclusive?: boolean; readonly verbatim?: boolean },
  ): Promise<void>;
}
