import type { AnyCommand } from '../command.ts';
import { approvalsCommand } from './approvals.ts';
import { approveCommand } from './approve.ts';
import { approveRequestCommand } from './approve-request.ts';
import { assessCommand } from './assess.ts';
import { auditExportCommand } from './audit-export.ts';
import { auditShowCommand } from './audit-show.ts';
import { auditVerifyCommand } from './audit-verify.ts';
import { blockersCommand } from './blockers.ts';
import { bundleCommand } from './bundle.ts';
import { checkGateCommand } from './check-gate.ts';
import { checklistCommand } from './checklist.ts';
import { completionCommand } from './completion.ts';
import { configPrintCommand } from './config-print.ts';
import { configureGatesCommand } from './configure-gates.ts';
import { dbCopyCommand } from './db-copy.ts';
import { dbMigrateCommand } from './db-migrate.ts';
import { dbStatusCommand } from './db-status.ts';
import { doctorCommand } from './doctor.ts';
import { emergencyApproveCommand } from './emergency-approve.ts';
import { evidenceCommand } from './evidence.ts';
import { evidenceStampCommand } from './evidence-stamp.ts';
import { explainCommand } from './explain.ts';
import { freezesCommand } from './freezes.ts';
import { helpCommand } from './help.ts';
import { initCommand } from './init.ts';
import { keysInitCommand } from './keys-init.ts';
import { keysRotateCommand } from './keys-rotate.ts';
import { keysShowCommand } from './keys-show.ts';
import { outboxCommand } from './outbox.ts';
import { overrideCommand } from './override.ts';
import { rejectCommand } from './reject.ts';
import { policyDiffCommand } from './policy-diff.ts';
import { policyLedgerCommand } from './policy-ledger.ts';
import { policyLintCommand } from './policy-lint.ts';
import { policyTestCommand } from './policy-test.ts';
import { remediateCommand } from './remediate.ts';
import { reportCommand } from './report.ts';
import { reviewCommand } from './review.ts';
import { riskCommand } from './risk.ts';
import { verifyCommand } from './verify.ts';
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
  approveRequestCommand,
  approveCommand,
  rejectCommand,
  overrideCommand,
  emergencyApproveCommand,
  approvalsCommand,
  reviewCommand,
  freezesCommand,
  bundleCommand,
  outboxCommand,
  configureGatesCommand,
  configPrintCommand,
  policyLintCommand,
  policyTestCommand,
  policyDiffCommand,
  policyLedgerCommand,
  initCommand,
  verifyCommand,
  keysInitCommand,
  keysShowCommand,
  keysRotateCommand,
  dbStatusCommand,
  dbMigrateCommand,
  dbCopyCommand,
  auditVerifyCommand,
  auditShowCommand,
  auditExportCommand,
  doctorCommand,
  versionCommand,
  completionCommand,
  helpCommand,
];
