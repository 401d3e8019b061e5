import type { SignalReader } from '../../ports/signal-reader.ts';

/** Every reader, in the order of their ids. Exactly one claims a well-formed report. */
export const signalReaders: readonly SignalReader[] = [];
