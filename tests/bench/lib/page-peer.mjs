// A peer that runs in a page of its own, in the same browser as ours.

/** Opens `pages/NAME.html` and loads its model: `{ versions, measure, close }`. */
export async function openPeerPage(browser, origin, name, options) {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error?.message ?? String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  const call = async (method, argument) => {
    await page.bringToFront();
    try {
      return await page.evaluate((called, value) => window.peer[called](value), method, argument);
    } catch (error) {
      throw new Error(`${name}: ${error.message} (the page's console: ${problems.join('; ') || 'no errors'})`, { cause: error });
    }
  };
  await page.goto(`${origin}/pages/${name}.html`);
  await page.waitForFunction(() => window.peer).catch((error) => {
    throw new Error(`${name}.html did not start: ${problems.join('; ')}`, { cause: error });
  });
  if (await page.evaluate(() => crossOriginIsolated)) throw new Error('the page could use threads: the figures would not be of one thread');
  const { versions } = await call('load', options);
  return { versions, measure: (request) => call('generate', request), close: () => page.close() };
}
