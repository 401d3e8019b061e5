import type { AnyCommand } from '../command.ts';
import { assessCommand } from './assess.ts';
import { blockersCommand } from './blockers.ts';
import { checkGateCommand } from './check-gate.ts';
import { checklistCommand } from './checklist.ts';
import { completionCommand } from './completion.ts';
import { configPrintCommand } from './config-print.ts';
import { configureGatesCommand } from './configure-gates.ts';
import { doctorCommand } from './doctor.ts';
import { evidenceCommand } from './evidence.ts';
import { evidenceStampCommand } from './evidence-stamp.ts';
import { explainCommand } from './explain.ts';
import { helpCommand } from './help.ts';
import { initCommand } from './init.ts';
import { remediateCommand } from './remediate.ts';
import { reportCommand } from './report.ts';
import { riskCommand } from './risk.ts';
import { versionCommand } from './version.ts';

/** Every command, in the order of help. */
export const commands: readonly AnyCommand[] = [
  assessCommand,
  evidenceCommand,
  evidenceStampCommand,
  riskCommand,
  checkGateCommand,
  checklistCommand,
  blockersCommand,
  remediateCommand,
  explainCommand,
  reportCommand,
  configureGatesCommand,
  configPrintCommand,
  initCommand,
  doctorCommand,
  versionCommand,
  completionCommand,
  helpCommand,
];
