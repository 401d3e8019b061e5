/** Signed checkpoints of the audit log, kept beside it. Lines are only added. */
export interface Checkpoints {
  /** Adds one signed checkpoint. After it returns the line survives a crash. @throws AqeError AQE6007. */
  append(line: string): Promise<void>;
  /** All lines, oldest first; empty if there are none. A crash may have cut a line short. @throws AqeError AQE6007. */
  read(): Promise<readonly string[]>;
}
