import { AqeError } from '../../../core/error/aqe-error.ts';
import { nearest } from '../../../core/error/nearest.ts';
import { sensitivityOf } from '../../../core/decision/sensitivity.ts';
import { cheapestWayOut } from '../../../core/decision/explain.ts';
import { short } from '../../../core/report/encode.ts';
import { command, formatFlag, jsonFlag, outputFlags, releaseFlags } from '../command.ts';
import { gateLines, header, wayOutWords } from '../render/assessment.ts';
import { page } from '../render/page.ts';
import { sensitivityLines } from '../render/sensitivity.ts';
import { confidencePage } from '../render/outlook.ts';
import { riskPage } from '../render/risk.ts';
import { styleFor } from '../style.ts';
import { assessFor, deliver, ending, json, wantsJson } from './assessing.ts';

export const explainCommand = command({
  name: 'explain',
  under: 'deploy',
  summary: 'Explain the decision, the risk or the gates, and the cheapest set of changes that would flip the decision.',
  description:
    'TOPIC is decision (default), risk, confidence, gate for all gates, or the name of one gate. The way out is found by search and verified by evaluating the release with exactly those values.',
  examples: [
    'aqe deploy explain --version v2.6.0',
    'aqe deploy explain risk --version v2.6.0',
    'aqe deploy explain security --version v2.6.0',
  ],
  flags: { ...releaseFlags, format: formatFlag('text', 'json'), ...jsonFlag, ...outputFlags },
  positional: {
    name: 'topic',
    summary: 'decision, risk, confidence, gate, or a gate of the policy.',
    required: false,
    many: false,
  },
  async run({ flags, positionals }, surroundings) {
    const { io } = surroundings;
    const topic = positionals[0] ?? 'decision';
    const { assessment, evaluation, input, workspace } = await assessFor(flags, surroundings);
    await workspace.store.close();
    const { gateResults } = assessment.gates;
    const gates = gateResults.filter((gate) => topic === 'gate' || gate.gate === topic);
    if (!['decision', 'risk', 'confidence'].includes(topic) && gates.length === 0) {
      const guess = nearest(topic, ['decision', 'risk', 'confidence', 'gate', ...gateResults.map((gate) => gate.gate)]);
      throw new AqeError(
        'AQE3001',
        `there is nothing called ${JSON.stringify(short(topic, 60))} to explain${guess ? `; did you mean ${guess}?` : ''}`,
        { gates: gateResults.map((gate) => gate.gate).join(', ') },
      );
    }
    const wayOut = cheapestWayOut(evaluation, input);
    const sensitivity = topic === 'decision' ? sensitivityOf(evaluation.signals, input) : null;
    const { service, version, environment, decision, status, rules, risk } = assessment;
    const style = styleFor(io, flags.ascii);
    if (wantsJson(flags)) {
      const about =
        topic === 'risk'
          ? { risk }
          : topic === 'confidence'
            ? { confidence: assessment.confidence, rollbackPrediction: assessment.rollbackPrediction }
            : topic === 'decision'
              ? { rules, risk, gates: gateResults, sensitivity }
              : { gates };
      await deliver(
        json({ schemaVersion: '1', service, version, environment, topic, decision, status, ...about, wayOut }),
        flags.output,
        workspace,
        io,
      );
      return ending(0, io);
    }
    const out = page(style);
    header(out, assessment);
    if (topic === 'decision') {
      out.heading('Rules that fired, the strongest first');
      if (rules.length === 0) out.mark('pass', 'none: nothing speaks against the release');
      for (const rule of rules)
        out.mark(
          rule.leadsTo === 'BLOCKED' ? 'fail' : rule.leadsTo === 'APPROVED_WITH_WARNINGS' ? 'warn' : 'unknown',
          `${rule.rule} leads to ${rule.leadsTo}: ${rule.message}`,
        );
      out.line();
    }
    for (const gate of topic === 'decision' ? gateResults.filter((each) => !each.passed) : gates)
      gateLines(out, gate, assessment);
    if (decision !== 'APPROVED' || assessment.shadow) {
      out.line();
      out.field(
        'Cheapest way out:',
        wayOut
          ? wayOutWords(wayOut)
          : 'none found that the evidence could give: the change itself, the history or an approval has to be different',
      );
    }
    if (sensitivity) sensitivityLines(out, sensitivity);
    const text =
      topic === 'confidence'
        ? confidencePage(assessment, style)
        : topic === 'decision' || topic === 'risk'
          ? `${out.text()}\n${riskPage(assessment, true, style)}`
          : out.text();
    await deliver(text, flags.output, workspace, io);
    return ending(0, io);
  },
});
