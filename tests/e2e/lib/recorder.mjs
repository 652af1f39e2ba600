// Runs in the page before its own code: keeps every message from the worker, and can act the
// moment an event arrives (stop, destroy the device), which a poll from outside would do too late.

/** To be given to `evaluateOnNewDocument`; must not refer to anything outside itself. */
export function installRecorder() {
  // `{"token": {…}}` or `"ready"`, as messages have it, and one object with the name among its fields, as tests read it.
  const named = (value, key) => {
    if (typeof value === 'string') return { [key]: value };
    const [[name, fields]] = Object.entries(value);
    return { [key]: name, ...fields };
  };
  const flat = (data) => {
    const event = named(data, 'type');
    if (event.type === 'lab') return { type: 'lab', ...named(data.lab, 'lab') };
    return event.type === 'inside' ? { ...event, answer: named(event.answer, 'kind') } : event;
  };
  const wire = ({ kind, ...fields }) => (Object.keys(fields).length === 0 ? kind : { [kind]: fields });
  const state = { events: [], armed: [], flat, wire };
  window.e2e = state;
  const plain = (data) => {
    return JSON.parse(
      JSON.stringify(data, (_key, item) => {
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
        const event = plain(flat(data));
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
