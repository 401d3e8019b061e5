/** Names that must not repeat, and who runs the program as far as the operating system knows. */
export interface Identity {
  /** A fresh id, unique among all machines. */
  newId(): string;
  /** Operating-system user, for instance `os user ada`. A claim: nothing verifies it. */
  osUser(): string;
  /** SHA-256 of the UTF-8 bytes of a text, lower-case hex. */
  sha256(text: string): string;
}
