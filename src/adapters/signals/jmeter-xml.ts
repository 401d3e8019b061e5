import { AqeError } from '../../core/error/aqe-error.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { JmeterSamples, type JmeterSample } from './shared/jmeter-samples.ts';
import { wholeNumber } from './shared/numbers.ts';
import { xmlSession, xmlStart, type XmlElement } from './shared/xml.ts';

const sampleNames = new Set(['httpSample', 'sample', 'sampleResult']);

/** A sample that is open. */
interface Open {
  readonly sample: JmeterSample;
  readonly isTransaction: boolean;
  hasSamples: boolean;
}

/**
 * JMeter's sample log as XML, with the short attribute names and with the long ones of JMeter 2.0. A sample inside of
 * another is a part of it (a redirect, a picture of a page); inside of a transaction it is a request.
 */
export const jmeterXml: SignalReader = {
  id: 'jmeter-xml',
  title: 'JMeter sample log (XML)',
  gives: ['load'],
  names: ['*.jtl'],
  countingUnit:
    'One sample; those inside of it are parts of it, and transactions are none. Failed is what JMeter calls no success. Percentiles are by nearest rank, exact up to 65 s.',
  detects({ text }) {
    const start = xmlStart(text);
    return start?.root === 'testResults' && (/\sversion=/.test(start.attributes) || /<(?:httpS|s)ample/.test(text));
  },
  open(file) {
    const samples = new JmeterSamples(file.path);
    /** Samples around the place that is read; null for parts of a sample. */
    const around: (Open | null)[] = [];
    return xmlSession(file, {
      roots: ['testResults'],
      open(element) {
        if (!sampleNames.has(element.name)) return;
        const outer = around.at(-1);
        if (outer === null || (outer && !outer.isTransaction)) {
          around.push(null);
          return;
        }
        if (outer) outer.hasSamples = true;
        const sample = sampleOf(element, file.path);
        const isTransaction = sample.responseMessage.startsWith('Number of samples in transaction : ');
        around.push({ sample, isTransaction, hasSamples: false });
      },
      close(name) {
        if (!sampleNames.has(name)) return;
        const open = around.pop();
        if (open && !open.hasSamples) samples.add(open.sample);
      },
      finish: () => samples.reading(),
    });
  },
};

function sampleOf({ attributes }: XmlElement, path: string): JmeterSample {
  const of = (short: string, long: string): string | undefined => attributes[short] ?? attributes[long];
  const count = (name: string, text: string | undefined): number => wholeNumber(text ?? '', name, path);
  const success = of('s', 'success');
  if (success !== undefined && !/^(?:true|false)$/i.test(success))
    throw new AqeError('AQE2003', `s is ${JSON.stringify(success.slice(0, 40))}, not true or false`, { path });
  if (success === undefined && of('rc', 'responseCode') === undefined)
    throw new AqeError('AQE2003', 'a sample has neither s nor rc', { path });
  return {
    elapsed: count('t', of('t', 'time')),
    success: success === undefined ? null : success.toLowerCase() === 'true',
    responseCode: of('rc', 'responseCode') ?? '',
    responseMessage: of('rm', 'responseMessage') ?? '',
    threadName: of('tn', 'threadName') ?? '',
    timeStamp: of('ts', 'timeStamp'),
    counted:
      attributes['sc'] === undefined || attributes['ec'] === undefined
        ? null
        : { samples: count('sc', attributes['sc']), errors: count('ec', attributes['ec']) },
  };
}
