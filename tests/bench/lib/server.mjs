// Serves the peers' pages, their npm packages and the model files, on a loopback port.
//
// Not the site's own server: wllama starts its worker from a `blob:` address, which the site's policy
// forbids. There are no cross-origin isolation headers, so no engine can use more than one thread.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('..', import.meta.url));

const MIME = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; " +
  "connect-src 'self' blob:; img-src data:; object-src 'none'; base-uri 'none'";

/** Starts the server: `{ origin, close }`. `folders` maps the first part of a path to a folder. */
export async function startPeerServer(folders) {
  const roots = { pages: join(HERE, 'pages'), packages: join(HERE, 'node_modules'), ...folders };
  const server = createServer((request, response) => {
    answer(roots, request, response).catch((error) => response.destroy(error));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

async function answer(roots, request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const [, first, ...rest] = normalize(decodeURIComponent(pathname)).split('/');
  const path = Object.hasOwn(roots, first) ? join(roots[first], ...rest) : null;
  const info = path && (await stat(path).catch(() => null));
  if (!info?.isFile()) return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': MIME[extname(path)] ?? 'application/octet-stream',
    'content-length': info.size,
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
  });
  createReadStream(path).pipe(response);
}
