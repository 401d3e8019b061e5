import { closeSync, openSync, writeSync } from 'node:fs';

// Large reports for the benchmarks: the same bytes on every machine, written piece by piece.

const modules = ['billing', 'cart', 'catalog', 'checkout', 'delivery', 'identity', 'inventory', 'search'];
const subjects = ['Address', 'Basket', 'Coupon', 'Invoice', 'Ledger', 'Parcel', 'Refund', 'Session', 'Voucher'];
const casesOfSuite = 100;

/** A JUnit report of `cases` test cases: 2 % fail with a trace of several lines, 3 % are skipped, 3 % print something. */
export function writeJunit(path: string, cases: number): void {
  write(path, function* () {
    const random = randomNumbers();
    yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="acceptance" tests="${cases}">\n`;
    for (let first = 0; first < cases; first += casesOfSuite) {
      const module = pick(modules, random);
      const subject = pick(subjects, random);
      const name = `com.example.shop.${module}.${subject}ServiceTest`;
      const size = Math.min(casesOfSuite, cases - first);
      const tests = Array.from({ length: size }, (_, index) => testCase(name, subject, first + index, random));
      const failures = tests.filter((test) => test.includes('<failure')).length;
      const skipped = tests.filter((test) => test.includes('<skipped')).length;
      yield `  <testsuite name="${name}" tests="${size}" failures="${failures}" errors="0" skipped="${skipped}" time="${(size * 0.05).toFixed(3)}" timestamp="2026-02-03T04:05:06Z" hostname="ci-runner-7">\n`;
      yield tests.join('');
      yield '  </testsuite>\n';
    }
    yield '</testsuites>\n';
  });
}

function testCase(suite: string, subject: string, number: number, random: () => number): string {
  const state = random() < 0.1 ? '&quot;open &amp; paid&quot;' : 'open';
  const name = `keeps the ${subject.toLowerCase()} of customer ${number} when stock is ${Math.floor(random() * 90)} and ${state}`;
  const open = `    <testcase classname="${suite}" name="${name}" time="${(random() / 10).toFixed(3)}"`;
  const share = number % 100;
  if (share === 7 || share === 61) return `${open}>\n${failure(suite, subject, random)}    </testcase>\n`;
  if (share === 13 || share === 14 || share === 83) return `${open}>\n      <skipped/>\n    </testcase>\n`;
  if (share === 42 || share === 43 || share === 95) return `${open}>\n${output(subject, random)}    </testcase>\n`;
  return `${open}/>\n`;
}

function failure(suite: string, subject: string, random: () => number): string {
  const [expected, found] = [Math.floor(random() * 1000), Math.floor(random() * 1000)];
  const frames = Array.from(
    { length: 8 },
    (_, depth) => `\tat ${suite}.lambda$${depth}(${subject}ServiceTest.java:${Math.floor(random() * 400)})\n`,
  );
  const message = `expected: &lt;${expected}&gt; but was: &lt;${found}&gt;`;
  return `      <failure message="${message}" type="org.opentest4j.AssertionFailedError">org.opentest4j.AssertionFailedError: ${message}\n${frames.join('')}</failure>\n`;
}

function output(subject: string, random: () => number): string {
  const lines = Array.from(
    { length: 12 },
    (_, index) => `04:05:${10 + index} INFO  ${subject}Service - took ${Math.floor(random() * 300)} ms [a < b && c]\n`,
  );
  return `      <system-out><![CDATA[${lines.join('')}]]></system-out>\n`;
}

/** A Cobertura report of about `bytes`: classes with methods, a line in eight branches, three lines in four are hit. */
export function writeCobertura(path: string, bytes: number): void {
  write(path, function* () {
    const random = randomNumbers();
    yield '<?xml version="1.0" ?>\n<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n';
    yield '<coverage line-rate="0.75" branch-rate="0.5" version="1.9" timestamp="1770091506">\n  <packages>\n';
    let written = 300;
    for (let number = 0; written < bytes; number += 1) {
      const module = `com.example.shop.${pick(modules, random)}`;
      const classes = Array.from({ length: 10 }, (_, index) => coberturaClass(module, number * 10 + index, random));
      const text = `    <package name="${module}" line-rate="0.75" branch-rate="0.5" complexity="0">\n      <classes>\n${classes.join('')}      </classes>\n    </package>\n`;
      written += text.length;
      yield text;
    }
    yield '  </packages>\n</coverage>\n';
  });
}

function coberturaClass(module: string, number: number, random: () => number): string {
  const name = `${pick(subjects, random)}Service${number}`;
  const lines = Array.from({ length: 60 }, (_, index) => coberturaLine(index * 2 + 3, random));
  const methods = [0, 20, 40].map((from) => {
    const own = lines.slice(from, from + 20).join('');
    return `            <method name="handle${from}" signature="(Ljava/lang/String;I)V" line-rate="0.75" branch-rate="0.5">\n              <lines>\n${own}              </lines>\n            </method>\n`;
  });
  const file = `${module.replaceAll('.', '/')}/${name}.java`;
  return `        <class name="${module}.${name}" filename="${file}" line-rate="0.75" branch-rate="0.5" complexity="0">\n          <methods>\n${methods.join('')}          </methods>\n          <lines>\n${lines.join('')}          </lines>\n        </class>\n`;
}

function coberturaLine(number: number, random: () => number): string {
  const hits = random() < 0.75 ? Math.floor(random() * 5000) + 1 : 0;
  if (random() >= 0.125) return `                <line number="${number}" hits="${hits}" branch="false"/>\n`;
  const covered = hits === 0 ? 0 : 1;
  return `                <line number="${number}" hits="${hits}" branch="true" condition-coverage="${covered * 50}% (${covered}/2)"/>\n`;
}

/** An lcov tracefile of about `bytes`: files with functions, branches and mostly lines. */
export function writeLcov(path: string, bytes: number): void {
  write(path, function* () {
    const random = randomNumbers();
    for (let number = 0, written = 0; written < bytes; number += 1) {
      const text = lcovRecord(`/build/src/${pick(modules, random)}/${pick(subjects, random)}${number}.ts`, random);
      written += text.length;
      yield text;
    }
  });
}

/** The same with lines only. */
export function writeLcovLines(path: string, bytes: number): void {
  write(path, function* () {
    const random = randomNumbers();
    for (let number = 0, written = 0; written < bytes; number += 1) {
      const lines = Array.from({ length: 2000 }, (_, index) => {
        const hits = random() < 0.75 ? Math.floor(random() * 5000) + 1 : 0;
        return `DA:${index + 1},${hits}`;
      });
      const hit = lines.filter((line) => !line.endsWith(',0')).length;
      const text = `SF:src/file-${number}.c\n${lines.join('\n')}\nLF:2000\nLH:${hit}\nend_of_record\n`;
      written += text.length;
      yield text;
    }
  });
}

function lcovRecord(source: string, random: () => number): string {
  const all: string[] = ['TN:', `SF:${source}`];
  let hit = 0;
  const counted = (key: string, total: number, line: (index: number, hits: number) => string): void => {
    hit = 0;
    for (let index = 0; index < total; index += 1) {
      const hits = random() < 0.75 ? Math.floor(random() * 5000) + 1 : 0;
      hit += Number(hits > 0);
      all.push(line(index, hits));
    }
    all.push(`${key}F:${total}`, `${key}H:${hit}`);
  };
  for (let index = 0; index < 12; index += 1) all.push(`FN:${index * 60 + 1},handle${index}`);
  counted('FN', 12, (index, hits) => `FNDA:${hits},handle${index}`);
  counted('BR', 40, (index, hits) => `BRDA:${index * 15 + 2},${index >> 1},${index & 1},${hits === 0 ? '-' : hits}`);
  counted('L', 600, (index, hits) => `DA:${index + 1},${hits}`);
  return `${all.join('\n')}\nend_of_record\n`;
}

/** A SARIF 2.1.0 log of about `bytes`: one run of a code scanner, indented as tools write it. */
export function writeSarif(path: string, bytes: number): void {
  write(path, function* () {
    const random = randomNumbers();
    const rules = Array.from({ length: 40 }, (_, index) => ({
      id: `rule-${index}`,
      shortDescription: { text: `Weakness number ${index}` },
      defaultConfiguration: { level: pick(['error', 'warning', 'note'], random) },
    }));
    const driver = JSON.stringify({ name: 'example-scanner', semanticVersion: '3.1.4', rules });
    yield `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":${driver}},"results":[\n`;
    for (let number = 0, written = 0; written < bytes; number += 1) {
      const text = `${number === 0 ? '' : ',\n'}${JSON.stringify(sarifResult(number, random))}`;
      written += text.length;
      yield text;
    }
    yield '\n]}]}\n';
  });
}

function sarifResult(number: number, random: () => number): object {
  const rule = Math.floor(random() * 40);
  const uri = `src/${pick(modules, random)}/${pick(subjects, random)}${number % 5000}.ts`;
  return {
    ruleId: `rule-${rule}`,
    ruleIndex: rule,
    level: pick(['error', 'warning', 'note'], random),
    message: { text: `The value of "${pick(subjects, random)}" reaches a sink in line ${number % 900} unchecked.` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
          region: { startLine: (number % 900) + 1, startColumn: 5, endColumn: 42 },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${(number * 2_654_435_761) >>> 0}:1` },
  };
}

/** Writes what `pieces` gives, about a megabyte at a time. */
function write(path: string, pieces: () => Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    let held: string[] = [];
    let length = 0;
    for (const piece of pieces()) {
      held.push(piece);
      length += piece.length;
      if (length < 1 << 20) continue;
      writeAll(file, held.join(''));
      held = [];
      length = 0;
    }
    writeAll(file, held.join(''));
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += writeSync(file, bytes, at));
}

function pick<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)]!;
}

/** Numbers from 0 up to 1, always the same ones (mulberry32). */
function randomNumbers(): () => number {
  let state = 20_260_203;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
