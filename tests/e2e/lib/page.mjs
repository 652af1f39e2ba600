// The page as a reader meets it, through the hooks that page and tests agree on (`data-testid`).
import { hideWebGpuInPage } from './prelude.mjs';
import { installRecorder } from './recorder.mjs';
import { GiveUp, until } from './wait.mjs';

/** CSS selector of a hook. */
export const hook = (id) => `[data-testid="${id}"]`;

/** Settings of a greedy run. */
export const GREEDY = { temperature: 0, top_k: 0, top_p: 1, min_p: 0, repeat_penalty: 1, seed: 0 };

/** A tab that is ready to open the page; see `GlassboxPage.open`. */
export async function newPage(browser, server, { hideWebGpu = false, width = 1024, height = 900 } = {}) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  await page.evaluateOnNewDocument(installRecorder);
  if (hideWebGpu) await page.evaluateOnNewDocument(hideWebGpuInPage);
  const cdp = await page.createCDPSession();
  // Focus events come although no window has the focus.
  await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  return new GlassboxPage(page, server);
}

class GlassboxPage {
  constructor(page, server) {
    this.page = page;
    this.server = server;
    /** Console errors and uncaught exceptions, as text. */
    this.problems = [];
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(`${message.text()} ${message.location()?.url ?? ''}`);
    });
    page.on('pageerror', (error) => this.problems.push(`uncaught: ${error?.message ?? error}`));
    /** Address of every request of the page and its worker. */
    this.requests = [];
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('error', (error) => this.problems.push(`crash: ${error.message}`));
  }

  /**
   * Opens the page and waits for its worker; `model`, `backend` and `view` are preselected by the address.
   * Without a model the page loads its default one and runs an example, or what the fragment describes.
   */
  async open({ model, backend = 'auto', embed = false, view, fragment = '' } = {}) {
    const query = new URLSearchParams({ backend });
    if (model) query.set('model', model);
    if (embed) query.set('embed', '1');
    if (view) query.set('view', view);
    await this.page.goto(`${this.server.base}/?${query}${fragment}`, { waitUntil: 'load', timeout: 180_000 });
    await this.#ready();
  }

  async reload() {
    await this.page.reload({ waitUntil: 'load', timeout: 180_000 });
    await this.#ready();
  }

  async #ready() {
    await this.waitEvent('ready', 0);
    await this.waitEnabled('load');
  }

  // ---- events ----

  /** How many events have come so far: a mark for `waitEvent` and `eventsSince`. */
  mark() {
    return this.page.evaluate(() => window.e2e.events.length);
  }

  eventsSince(mark) {
    return this.page.evaluate((from) => window.e2e.events.slice(from), mark);
  }

  /** First event of a type after `mark`. Gives up at a `failed` event that nobody asked for. */
  waitEvent(type, mark, { ignoreFailed = false } = {}) {
    return until(`the event "${type}"`, async () => {
      const events = await this.eventsSince(mark);
      const found = events.find((event) => event.type === type);
      // A file that cannot be kept is told as well, but the load goes on.
      const failed = events.find((event) => event.type === 'failed' && event.kind !== 'storage');
      if (!found && failed && !ignoreFailed) throw new GiveUp(`the worker reported ${failed.kind}: ${failed.detail}`);
      return found;
    });
  }

  /** At the `after`-th coming event of `type`: click a hook, or send the worker a request. */
  arm({ type, after, click, request }) {
    const trigger = { type, after, click: click && hook(click), request };
    return this.page.evaluate((armed) => void window.e2e.armed.push(armed), trigger);
  }

  // ---- elements ----

  isVisible(id) {
    return this.page.evaluate((selector) => (document.querySelector(selector)?.getClientRects().length ?? 0) > 0, hook(id));
  }

  /** All `data-*` attributes of the first such element, or null. */
  data(id) {
    return this.page.evaluate((selector) => {
      const element = document.querySelector(selector);
      return element && { ...element.dataset };
    }, hook(id));
  }

  /** `data-*` attributes and text of every such element. */
  all(id) {
    return this.page.evaluate(
      (selector) => [...document.querySelectorAll(selector)].map((element) => ({ ...element.dataset, textContent: element.textContent })),
      hook(id),
    );
  }

  waitEnabled(id) {
    return until(`${id} to be enabled`, () =>
      this.page.evaluate((selector) => {
        const element = document.querySelector(selector);
        return element !== null && !element.disabled && element.getAttribute('aria-disabled') !== 'true';
      }, hook(id)),
    );
  }

  async click(id) {
    await this.waitEnabled(id);
    await this.page.evaluate((selector) => document.querySelector(selector).click(), hook(id));
  }

  /** Fills an input, a textarea or a select as typing would. A select waits for its option. */
  async fill(id, value) {
    await this.waitEnabled(id);
    await until(`${id} to take "${value}"`, () =>
      this.page.evaluate(
        (selector, text) => {
          const element = document.querySelector(selector);
          if (element instanceof HTMLSelectElement && ![...element.options].some((option) => option.value === text)) return false;
          element.focus();
          Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value').set.call(element, text);
          element.dispatchEvent(new InputEvent('input', { bubbles: true }));
          element.dispatchEvent(new Event('change', { bubbles: true }));
          element.blur();
          return true;
        },
        hook(id),
        String(value),
      ),
    );
  }

  async settings(values) {
    for (const [name, value] of Object.entries(values)) await this.fill(`setting-${name}`, value);
  }

  /** The messages on the page: `{ kind, text }` each. */
  async messages() {
    const shown = await this.all('message');
    return shown.filter(({ kind }) => kind).map(({ kind, textContent }) => ({ kind, text: textContent.trim() }));
  }

  waitMessage(kind) {
    return until(`the message ${kind}`, async () => (await this.messages()).find((message) => message.kind === kind && message.text !== ''));
  }

  /** The text generated so far. */
  text() {
    return this.page.evaluate((selector) => document.querySelector(selector).dataset.text, hook('output'));
  }

  // ---- what a reader does ----

  /** Loads a model and returns the `loaded` event. */
  async load(options) {
    return this.waitLoaded(await this.startLoad(options));
  }

  /** Presses Load and returns the mark from which its events count. */
  async startLoad({ model, backend, context } = {}) {
    if (model) await this.fill('model-select', model);
    if (backend) await this.fill('backend-select', backend);
    if (context) await this.fill('setting-context', context);
    const mark = await this.mark();
    await this.click('load');
    return mark;
  }

  async waitLoaded(mark) {
    const loaded = await this.waitEvent('loaded', mark);
    const backend = loaded.backend.gpu ? 'gpu' : 'cpu';
    await until('the status line to name the backend', async () => (await this.data('status'))?.backend === backend);
    return loaded;
  }

  /** Picks a file from the disk through the file input; returns the mark of its events. */
  async pickFile(path) {
    const input = await until('the file input', () => this.page.$(hook('open-file')));
    const mark = await this.mark();
    await input.uploadFile(path);
    return mark;
  }

  /** Prepares a prompt and its settings. `mode`: `raw` for all columns, or `chat` where a stage expects it. */
  async prepare(prompt, { mode = 'raw', maxTokens = 8, settings = GREEDY } = {}) {
    await this.click(mode === 'raw' ? 'mode-raw' : 'mode-auto');
    await this.fill('prompt', prompt);
    await this.settings({ ...settings, max_tokens: maxTokens });
  }

  /** Runs a prompt to its end and returns what `waitRun` does. */
  async run(prompt, options = {}) {
    await this.prepare(prompt, options);
    return this.waitRun(await this.startRun());
  }

  /** Presses Run and returns the mark from which its events count. */
  async startRun() {
    await this.waitEnabled('run');
    const mark = await this.mark();
    await this.click('run');
    return mark;
  }

  /** Waits for the end of the run of one column begun after `mark`: `{ ids, tokens, text, finished, events }`. */
  async waitRun(mark, { ignoreFailed = false } = {}) {
    const finished = await this.waitEvent('finished', mark, { ignoreFailed });
    await until('the page to show that the run has ended', async () => {
      const output = await this.data('output');
      return output.state === 'finished' && output.reason === finished.reason;
    });
    const events = await this.eventsSince(mark);
    const tokens = events.filter((event) => event.type === 'token');
    await until('a chip for each token', async () => (await this.all('token')).length === tokens.length);
    return { ids: tokens.map(({ token }) => token.id), tokens, text: await this.text(), finished, events };
  }

  // ---- for whoever reads a failure ----

  /** What the page shows and said last. Never throws. */
  async describe() {
    const late = new Promise((resolve) => setTimeout(resolve, 10_000, { unreadable: 'the page does not answer' }).unref());
    const unreadable = (error) => ({ unreadable: error.message });
    const seen = await Promise.race([this.page.evaluate(snapshot).catch(unreadable), late]);
    return [
      `page: ${JSON.stringify(seen, null, 2)}`,
      `console errors: ${JSON.stringify(this.problems.slice(-10), null, 2)}`,
      `last requests: ${JSON.stringify(this.server.log.slice(-6))}`,
      `server errors: ${JSON.stringify(this.server.errors)}`,
      `policy violations: ${JSON.stringify(this.server.violations.slice(-3))}`,
    ].join('\n');
  }
}

// Runs in the page.
function snapshot() {
  const data = (id) => {
    const element = document.querySelector(`[data-testid="${id}"]`);
    return element && { ...element.dataset, textContent: element.textContent.trim().slice(0, 400) };
  };
  const shorten = (event) => JSON.stringify(event, (_key, value) => (typeof value === 'bigint' ? Number(value) : value))?.slice(0, 240);
  return {
    messages: [...document.querySelectorAll('[data-testid="message"]')].map((element) => `${element.dataset.kind}: ${element.textContent.trim().slice(0, 400)}`),
    status: data('status'),
    output: data('output'),
    progress: data('progress'),
    lastEvents: [...(window.glassbox?.lastEvents ?? [])].slice(-12).map(shorten),
    received: window.e2e?.events.slice(-3).map(shorten),
  };
}
