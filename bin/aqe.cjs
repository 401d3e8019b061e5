#!/usr/bin/env node
'use strict';
// Old syntax on purpose: this file has to run on any Node to say what is missing.
var major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    'aqe-deploy needs Node.js 24 or later and was started by ' +
      process.versions.node +
      '.\n' +
      'In a project that has it as a dependency run it through npx: npx aqe …\n'
  );
  process.exitCode = 2;
} else {
  import('../dist/main.js').catch(function (error) {
    process.stderr.write('aqe-deploy could not start: ' + ((error && error.stack) || error) + '\n');
    process.exitCode = 2;
  });
}
