// Headless Chromium with software WebGPU, or without an adapter.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const COMMON = [
  '--no-sandbox',
  '--disable-gpu-watchdog',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--lang=en-US',
  '--hide-scrollbars=false',
];

const WEBGPU = {
  /** WebGPU on SwiftShader, a software adapter. */
  on: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  /**
   * `navigator.gpu` is there but has no adapter to give, as on a machine with a blocked
   * driver. No flag takes `navigator.gpu` away: `hideWebGpuInWorker` in prelude.mjs does.
   */
  none: ['--use-webgpu-adapter=none', '--disable-gpu'],
};

/** Starts a browser with an empty profile; `stop` ends it and removes the profile. */
export async function startBrowser({ webgpu = 'on', args = [] } = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'glassbox-e2e-'));
  const removeProfile = () =>
    rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }).catch(() => {});
  let browser;
  try {
    browser = await puppeteer.launch({
      executablePath: process.env.CHROME || '/usr/bin/chromium',
      headless: true,
      userDataDir: profile,
      // One call may wait for a worker that computes, or for a page that compiles.
      protocolTimeout: 600_000,
      timeout: 180_000,
      waitForInitialPage: false,
      args: [...COMMON, ...WEBGPU[webgpu], ...args],
    });
  } catch (error) {
    await removeProfile();
    throw error;
  }
  const stop = async () => {
    const child = browser.process();
    await Promise.race([browser.close(), new Promise((resolve) => setTimeout(resolve, 20_000).unref())]).catch(() => {});
    if (child && child.exitCode === null) child.kill('SIGKILL');
    await removeProfile();
  };
  return { browser, stop };
}
