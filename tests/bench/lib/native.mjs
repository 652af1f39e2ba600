// The engines outside the browser: our command line and llama.cpp (node-llama-cpp's prebuilt binary).
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Our command line: `measure` starts it anew each time. It warms up by itself. */
export function openOurProgram({ program, models, model, context, threads }) {
  return {
    async measure({ prompt, count }) {
      const options = ['--json', '--backend', 'cpu', '--weights', models, '--context', context, '--tokens', count - 1, '--prompt', prompt];
      const { stdout } = await promisify(execFile)(program, ['bench', model, ...options.map(String)], {
        env: { ...process.env, RAYON_NUM_THREADS: String(threads) },
      });
      const [figures] = JSON.parse(stdout);
      return {
        promptTokens: figures.prompt_tokens,
        newTokens: figures.new_tokens + 1,
        prefillMs: figures.first_token_ms,
        tokensPerSecond: figures.tokens_per_second,
      };
    },
    close: async () => {},
  };
}

/** llama.cpp with a GGUF file: `{ versions, measure, close }`. */
export async function openLlamaCpp({ file, context, threads }) {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    maxThreads: threads,
  });
  const model = await llama.loadModel({ modelPath: file });
  const loaded = await model.createContext({ contextSize: context, threads, sequences: 1 });
  const sequence = loaded.getSequence();

  async function measure({ prompt, count }) {
    await sequence.clearHistory();
    const tokens = model.tokenize(prompt);
    if (model.tokens.shouldPrependBosToken) tokens.unshift(model.tokens.bos);
    const made = [];
    let first = 0;
    const start = performance.now();
    for await (const token of sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true })) {
      first ||= performance.now() - start;
      made.push(token);
      if (made.length === count) break;
    }
    const wallMs = performance.now() - start;
    return {
      promptTokens: tokens.length,
      newTokens: made.length,
      prefillMs: first,
      tokensPerSecond: ((made.length - 1) * 1000) / (wallMs - first),
      wallMs,
      text: model.detokenize(made),
      ids: made,
    };
  }

  const close = async () => {
    await loaded.dispose();
    await model.dispose();
    await llama.dispose();
  };
  return { versions: { 'llama.cpp in node-llama-cpp': llama.llamaCppRelease.release }, measure, close };
}
