// Runs in the page before its own code: keeps every message from the worker, and can act the
// moment an event arrives (stop, destroy the device), which a poll from outside would do too late.

/** To be given to `evaluateOnNewDocument`; must not refer to anything outside itself. */
export function installRecorder() {
  const state = { events: [], armed: [] };
  window.e2e = state;
  const plain = (data) => {
    const value = typeof data === 'string' ? JSON.parse(data) : data;
    return JSON.parse(
      JSON.stringify(value, (_key, item) => {
        if (typeof item === 'bigint') return Number(item);
        // Logits, and what is seen inside: megabytes that no test reads here.
        if (ArrayBuffer.isView(item)) return { bytes: item.byteLength };
        return item instanceof Map ? Object.fromEntries(item) : item;
      }),
    );
  };
  const act = (trigger) => {
    if (trigger.click) document.querySelector(trigger.click).click();
    if (trigger.request) window.glassbox.worker.postMessage({ request: trigger.request });
  };
  const Native = window.Worker;
  window.Worker = class Worker extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        const event = plain(data);
        state.events.push(event);
        for (const trigger of state.armed.filter((candidate) => candidate.type === event.type)) {
          trigger.after -= 1;
          if (trigger.after > 0) continue;
          state.armed.splice(state.armed.indexOf(trigger), 1);
          act(trigger);
        }
      });
    }
  };
}
