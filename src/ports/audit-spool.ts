/** The second device: where an event goes that must not wait for the store. Lines are only added, never removed. */
export interface AuditSpool {
  /** After it returns the line survives a crash. @throws AqeError AQE6008. */
  append(line: string): Promise<void>;
  /** All lines, oldest first; empty if there are none. A crash may have cut a line short. @throws AqeError AQE6008. */
  read(): Promise<readonly string[]>;
}
