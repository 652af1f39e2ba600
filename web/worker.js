// The engine's worker: the same module as the page, started through its other door.
import init, { start_worker } from './glassbox.js';

const { memory } = await init({ module_or_path: new URL('glassbox_bg.wasm', import.meta.url) });
// How much the engine takes can be seen from outside.
self.engineMemory = memory;
start_worker();
