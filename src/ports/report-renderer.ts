import type { Assessment } from '../core/decision/assessment.ts';

/** Turns an assessment into a report text. Pure; encodes everything for its own format. */
export interface ReportRenderer {
  readonly id: string;
  readonly title: string;
  render(assessment: Assessment): string;
}
