// Waiting on state. Every poll forgives errors until its deadline.

/** Milliseconds a wait may take before a test gives up. Generous: software WebGPU on two cores. */
export const DEADLINE = Number(process.env.GLASSBOX_DEADLINE ?? 300_000);

/** Milliseconds one test may take before it is called hung. */
export const TEST_TIMEOUT = 900_000;

/** Thrown by a poll that knows that waiting on makes no sense. */
export class GiveUp extends Error {}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Polls `probe` until it gives something truthy and returns that.
 *
 * An error thrown by `probe` counts as "not yet", unless it is a `GiveUp`: state that is being
 * changed at this moment (an element replaced, a file renamed) may be seen half done.
 */
export async function until(what, probe, { deadline = DEADLINE, interval = 100 } = {}) {
  const end = Date.now() + deadline;
  let last = 'never true';
  for (;;) {
    try {
      const value = await withTimeout(probe(), end - Date.now() + 5_000);
      if (value) return value;
    } catch (error) {
      if (error instanceof GiveUp) throw new Error(`while waiting for ${what}: ${error.message}`);
      last = `last error: ${error.message}`;
    }
    if (Date.now() > end) throw new Error(`waited ${deadline} ms in vain for ${what} (${last})`);
    await pause(interval);
  }
}

// A call into a page that has hung must not outlast the deadline.
function withTimeout(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the page did not answer')), Math.max(ms, 1_000));
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
