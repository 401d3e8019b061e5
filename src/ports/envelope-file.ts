/** Signed files that a user names. */
export interface EnvelopeFile {
  /** Text of the file, exactly. @throws AqeError AQE3011 for what is not there, not a regular file, too long or not UTF-8. */
  read(path: string): Promise<string>;
}
