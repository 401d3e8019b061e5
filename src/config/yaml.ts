// A module of our own, so that `import('./yaml.ts')` has named exports in the bundle too: the library itself is CommonJS.
export { LineCounter, parseDocument, visit } from 'yaml';
