// Starts the page, in its newest build. Before the module arrives: the saved language and theme, so that nothing flashes.
import { keepFiles, takeNewest } from './offline.js';

const root = document.documentElement;
try {
  const saved = JSON.parse(localStorage.getItem('glassbox.preferences') ?? '{}');
  const language = saved.language ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  if (saved.theme === 'light' || saved.theme === 'dark') root.dataset.theme = saved.theme;
} catch {
  // Storage is closed to this page: the defaults of index.html stand.
}

const boot = document.getElementById('boot');
const say = (name) => {
  boot?.setAttribute('data-state', name);
  if (boot?.isConnected === false) document.body.prepend(boot);
};

/** After a panic nothing on the page answers any more: it has to say so. */
const watchForPanics = () => {
  const look = (reason) => {
    if (reason instanceof WebAssembly.RuntimeError) say('broken');
  };
  addEventListener('error', ({ error }) => look(error));
  addEventListener('unhandledrejection', ({ reason }) => look(reason));
};

if (typeof WebAssembly !== 'object') {
  say('no-wasm');
} else if (!(await takeNewest())) {
  try {
    const { default: init, start_page } = await import('./glassbox.js');
    await init({ module_or_path: new URL('glassbox_bg.wasm', import.meta.url) });
    start_page();
    boot?.remove();
    watchForPanics();
    keepFiles();
  } catch (error) {
    console.error(error);
    say('failed');
  }
}
