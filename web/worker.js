// The engine's worker.
import init, { start_worker } from './glassbox_worker.js';

// Where a task of its breaks down while a promise is answered, the browser reports it to nobody but this worker. Thrown
// again from a task of its own it reaches the page, which then starts another worker.
self.addEventListener('unhandledrejection', ({ reason }) => {
  if (reason instanceof WebAssembly.RuntimeError) {
    setTimeout(() => {
      throw reason;
    });
  }
});

const { memory } = await init({ module_or_path: new URL('glassbox_worker_bg.wasm', import.meta.url) });
// How much the engine takes can be seen from outside.
self.engineMemory = memory;
start_worker();
