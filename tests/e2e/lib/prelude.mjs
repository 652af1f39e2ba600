// Code that runs in the page's worker before the engine does: the server puts an import in front
// of `worker.js`. Modules are evaluated in the order of their imports, so nothing comes earlier.

const WORKER = '/worker.js';

function prepend(server, name, source) {
  const path = `/test-${name}.js`;
  server.files.set(path, source);
  const before = server.rewrites.get(WORKER) ?? ((text) => text);
  server.rewrites.set(WORKER, (text) => `import '.${path}';\n${before(text)}`);
}

/** Takes `navigator.gpu` away from every worker that `server` serves from now on. */
export function hideWebGpuInWorker(server) {
  prepend(server, 'no-webgpu', 'delete WorkerNavigator.prototype.gpu;\n');
}

/** The same for a page; to be given to `evaluateOnNewDocument`. */
export function hideWebGpuInPage() {
  delete Navigator.prototype.gpu;
}

/** Counts the worker's WebGPU calls from outside the engine: see `readCounts`. */
export function countWebGpuCalls(server) {
  prepend(server, 'counts', `(${installCounters})();\n`);
}

/** The page's worker as puppeteer sees it. */
export function engineWorker(page) {
  const worker = page.workers().find((candidate) => new URL(candidate.url()).pathname.endsWith(WORKER));
  if (!worker) throw new Error(`the page has no worker from ${WORKER}`);
  return worker;
}

/**
 * Totals since the worker began: `{ dispatches, submits, objects, bytesMapped, bytesWritten,
 * perKind }`. To be read while no run is under way.
 */
export async function readCounts(page) {
  const counts = await engineWorker(page).evaluate(() => self.webGpuCounts);
  if (!counts) throw new Error('the counting prelude did not run in the worker');
  return counts;
}

/** What was counted between two readings. */
export function difference(later, earlier) {
  const perKind = {};
  for (const [name, count] of Object.entries(later.perKind)) perKind[name] = count - (earlier.perKind[name] ?? 0);
  const out = { perKind };
  for (const key of ['dispatches', 'submits', 'objects', 'bytesMapped', 'bytesWritten']) out[key] = later[key] - earlier[key];
  return out;
}

// Runs in the worker: must not refer to anything outside itself.
function installCounters() {
  const counts = { dispatches: 0, submits: 0, objects: 0, bytesMapped: 0, bytesWritten: 0, perKind: {} };
  self.webGpuCounts = counts;
  if (!self.GPUDevice) return;
  const wrap = (type, method, count) => {
    const original = type.prototype[method];
    if (!original) return;
    type.prototype[method] = function (...args) {
      count.call(this, ...args);
      counts.perKind[method] = (counts.perKind[method] ?? 0) + 1;
      return original.apply(this, args);
    };
  };
  // Encoders, passes and command buffers are made anew for every submit: they are not "objects".
  const perSubmit = new Set(['createCommandEncoder', 'createRenderBundleEncoder']);
  for (const method of Object.getOwnPropertyNames(GPUDevice.prototype)) {
    if (!method.startsWith('create')) continue;
    wrap(GPUDevice, method, () => {
      if (!perSubmit.has(method)) counts.objects += 1;
    });
  }
  wrap(GPUQueue, 'submit', () => {
    counts.submits += 1;
  });
  const elementBytes = (data) => data.BYTES_PER_ELEMENT ?? 1;
  wrap(GPUQueue, 'writeBuffer', (_buffer, _at, data, dataOffset = 0, size = undefined) => {
    const whole = data.byteLength - dataOffset * elementBytes(data);
    counts.bytesWritten += size === undefined ? whole : size * elementBytes(data);
  });
  wrap(GPUComputePassEncoder, 'dispatchWorkgroups', () => {
    counts.dispatches += 1;
  });
  wrap(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', () => {
    counts.dispatches += 1;
  });
  wrap(GPUBuffer, 'mapAsync', function (mode, offset = 0, size = undefined) {
    if (mode & GPUMapMode.READ) counts.bytesMapped += size ?? this.size - offset;
  });
}
