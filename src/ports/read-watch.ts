/** Is told how far the reading of big files is. Several may be read at once. */
export interface ReadWatch {
  /** `read` of `bytes` bytes are done; the same path again and again, with growing numbers. */
  progress(path: string, read: number, bytes: number): void;
  /** The file is read, or refused. */
  done(path: string): void;
}
