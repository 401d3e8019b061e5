import type { SignalReader } from '../../ports/signal-reader.ts';
import { isHeaderOfLog, isHeaderless, sampleLogSession } from './jmeter-csv/records.ts';

/** JMeter's sample log as CSV, in the columns and with the separator that the run was configured for. */
export const jmeterCsv: SignalReader = {
  id: 'jmeter-csv',
  title: 'JMeter sample log (CSV)',
  gives: ['load'],
  names: ['*.jtl', 'jmeter*.csv'],
  countingUnit:
    'One sample; transactions are none, unless their samples are not in the log. Failed is what JMeter calls no success. Percentiles are by nearest rank, exact up to 65 s.',
  detects: ({ text }) => isHeaderOfLog(text) || isHeaderless(text),
  open: (file) => sampleLogSession(file),
};
