// Glassbox's own page, on its CPU path, driven through the hooks that the end-to-end tests use.
import { hook, newPage } from '../../e2e/lib/page.mjs';
import { until } from '../../e2e/lib/wait.mjs';

// Shares no beginning with the measured prompt: the page keeps the tokens of the last run and would
// otherwise skip those that come again.
const OTHER_PROMPT = '0';

/** Opens the page and loads `model`, whose terms it accepts if `mustAccept`: `{ adapter, measure, close }`. */
export async function openOurPage(browser, server, { model, mustAccept, context }) {
  const glassbox = await newPage(browser, server);
  await glassbox.open({ model, backend: 'cpu' });
  const mark = await glassbox.startLoad({ context });
  if (mustAccept) {
    await until('the licence dialog', () => glassbox.isVisible('licence-dialog'));
    await glassbox.click('licence-accept');
  }
  const { backend } = await glassbox.waitLoaded(mark);
  const { page } = glassbox;

  async function measure({ prompt, count }) {
    await page.bringToFront();
    await glassbox.run(OTHER_PROMPT, { maxTokens: 1 });
    await glassbox.prepare(prompt, { maxTokens: count });
    const mark = await glassbox.mark();
    const wallMs = await page.evaluate(runToTheEnd, mark, hook('run'));
    const { finished, events, text, ids } = await glassbox.waitRun(mark);
    const { stats } = finished;
    const reused = events.find(({ type }) => type === 'prefill')?.done ?? 0;
    if (reused > 1) throw new Error(`the page reused ${reused} tokens of the prompt`);
    return {
      promptTokens: stats.prompt_tokens,
      newTokens: stats.new_tokens,
      // Some models begin every prompt with the same token. The page computes it once; here it counts.
      prefillMs: (stats.first_token_ms * stats.prompt_tokens) / (stats.prompt_tokens - reused),
      tokensPerSecond: stats.tokens_per_second,
      wallMs,
      text,
      ids,
      promptIds: events.find(({ type }) => type === 'prompt_tokens').tokens.map(({ id }) => id),
    };
  }

  return { adapter: backend.adapter, measure, close: () => page.close() };
}

// Runs in the page: presses Run, and returns how long it took to the end of the run.
async function runToTheEnd(mark, run) {
  const start = performance.now();
  document.querySelector(run).click();
  while (!window.e2e.events.slice(mark).some(({ type }) => type === 'finished' || type === 'failed')) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return performance.now() - start;
}
