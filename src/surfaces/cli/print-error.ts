import { AqeError } from '../../core/error/aqe-error.ts';
import { catalog } from '../../core/error/catalog.ts';
import { inline } from '../../core/report/encode.ts';
import type { Io } from './command.ts';
import { paint, styleFor } from './style.ts';

/** Prints an error for a person and gives the exit status it stands for. Anything but an AqeError is a bug and says so. */
export function printError(error: unknown, io: Io): number {
  const style = styleFor(io, false);
  if (error instanceof AqeError) {
    const { path, line, column, ...rest } = error.context;
    const where =
      path === undefined
        ? []
        : [
            `  at ${inline(String(path))}${line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`}`,
          ];
    const facts = Object.entries(rest).flatMap(([key, value]) =>
      value === undefined ? [] : [`  ${key}: ${inline(String(value))}`],
    );
    io.err(
      [
        `${paint(style, 'bad', 'error')} ${error.code}: ${catalog[error.code].title}: ${inline(error.detail)}`,
        ...where,
        ...facts,
        `  ${error.hint}`,
        `  exit ${error.exit}`,
        '',
      ].join('\n'),
    );
    return error.exit;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(
    `${paint(style, 'bad', 'internal error')}: this is a bug in aqe-deploy, nothing was decided\n${stack.split('\n').map(inline).join('\n')}\n  exit 2\n`,
  );
  return 2;
}
