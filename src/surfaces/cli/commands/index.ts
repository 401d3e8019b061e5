import { loadAll } from '../command.ts';
import { commandLoaders } from './loaders.ts';

/** Every command, in the order of help, for whoever looks at all of them. The program itself loads the one that it runs. */
export const commands = await loadAll(commandLoaders);
