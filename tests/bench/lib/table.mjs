// The Markdown table of a result.

/** Text of `bench.md`. */
export function table(report) {
  const { machine, browser, packages, prompt, settings, results } = report;
  const head = [
    '| model | against | where | tokens per second | ratio | prompt, ms | ratio |',
    '|---|---|---|---|---|---|---|',
  ];
  const promptTokens = [...new Set(results.map(({ rounds }) => rounds[0].ours.promptTokens))].sort((a, b) => a - b);
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const how = results.some(({ peer }) => peer)
    ? `Ours / the other; medians of ${settings.rounds} paired rounds, ratios the medians of each round's ratio ` +
      `(above 1 ours is faster), in brackets the aim.`
    : `Medians of ${settings.rounds} rounds.`;
  const notes = [
    `${how} A prompt of ${promptTokens.join(' or ')} tokens up to its first new token, then ${settings.tokens - 1} more, greedy.`,
    [machine.cpu, `${machine.cores} cores`, machine.system, browser, report.adapter && `adapter: ${report.adapter}`, ...versions]
      .filter(Boolean)
      .join('; ') + `. Measured on ${report.date.slice(0, 10)} at load ${machine.load.toFixed(1)}.`,
  ];
  return [...head, ...results.map(row), '', ...notes.flatMap((note) => [note, ''])].join('\n').trimEnd() + '\n';
}

function row({ model, peer, where, threads, bars, median }) {
  const { ours, peer: theirs } = median;
  const place = `${where}, ${threads} thread${threads === 1 ? '' : 's'}`;
  const both = (mine, other) => (theirs ? `${mine} / ${other}` : mine);
  const cells = [
    model,
    peer ?? '–',
    place,
    both(ours.tokensPerSecond.toFixed(1), theirs?.tokensPerSecond.toFixed(1)),
    ratio(median.decodeRatio, bars?.decode),
    both(ours.prefillMs.toFixed(0), theirs?.prefillMs.toFixed(0)),
    ratio(median.prefillRatio, bars?.prefill),
  ];
  return `| ${cells.join(' | ')} |`;
}

function ratio(value, bar) {
  if (value === undefined) return '–';
  return `${value.toFixed(2)} ×${bar ? ` (≥ ${bar})` : ''}`;
}
