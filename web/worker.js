// The engine's worker.
import init, { start_worker } from './glassbox_worker.js';

const { memory } = await init({ module_or_path: new URL('glassbox_worker_bg.wasm', import.meta.url) });
// How much the engine takes can be seen from outside.
self.engineMemory = memory;
start_worker();
