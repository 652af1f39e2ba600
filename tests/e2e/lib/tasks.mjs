// How long the page's main thread is busy with one task, in CPU time.
//
// The promise is that the page is never blocked for more than 50 ms. Wall-clock time (the browser's
// `longtask` entries) would measure the machine: on two cores that also run a software GPU, an idle
// page can be kept off the processor that long. The CPU time of a task is the page's own doing.

const MARK = 'glassbox-e2e-main-thread';

/** Runs `action` and returns `{ result, tasks }`: tasks `{ cpuMs, wallMs }`, longest first. */
export async function recordMainThreadTasks(page, action) {
  await page.tracing.start({ categories: ['-*', 'toplevel', 'blink.user_timing'] });
  let result;
  let trace;
  try {
    await page.evaluate((name) => void performance.mark(name), MARK);
    result = await action();
  } finally {
    trace = await page.tracing.stop();
  }
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace));
  const mark = traceEvents.find((event) => event.name === MARK);
  if (!mark) throw new Error('the trace does not hold the mark of the main thread');
  const tasks = traceEvents
    .filter((event) => event.name === 'ThreadControllerImpl::RunTask' && event.ph === 'X')
    .filter((event) => event.pid === mark.pid && event.tid === mark.tid && event.ts >= mark.ts)
    .filter((event) => event.tdur !== undefined)
    .map((event) => ({ cpuMs: event.tdur / 1000, wallMs: event.dur / 1000 }))
    .sort((a, b) => b.cpuMs - a.cpuMs);
  if (tasks.length === 0) throw new Error('the trace holds no task of the main thread');
  return { result, tasks };
}

/** Keeps the main thread busy; to be evaluated in the page, to see that this is noticed. */
export async function blockMainThread({ times, ms }) {
  for (let i = 0; i < times; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    const end = performance.now() + ms;
    while (performance.now() < end);
  }
}
