// A static server over the built site, with faults on request and a log of what was really sent.
import { createServer } from 'node:http';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';

const REPORT_PATH = '/csp-report';
const MIME = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The folder in an environment variable, or an error that says how to set it. */
export function needEnv(name, what) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: it must point to ${what}`);
  return value;
}

/**
 * Starts the server on a free loopback port.
 *
 * `files` (path → Buffer) are served instead of, or beside, the files on disk; `rewrites`
 * (path → function of the text) change a file on its way out.
 */
export async function startServer({ site, models, files = {}, rewrites = {} } = {}) {
  const root = site ?? needEnv('GLASSBOX_SITE', 'the built site (target/site)');
  const server = new SiteServer(root, models ?? process.env.GLASSBOX_MODELS, files, rewrites);
  server.policy = await policyOf(root);
  await server.listen();
  return server;
}

// The page's own policy as a header, so that it binds the worker too. `report-uri` is added so that a violation, in
// the page or in its worker, shows up in this server's log.
async function policyOf(site) {
  const own = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(await readFile(join(site, 'index.html'), 'utf8'));
  if (!own) throw new Error('index.html has no Content-Security-Policy');
  return `${own[1]}; frame-ancestors 'self'; report-uri ${REPORT_PATH}`;
}

class SiteServer {
  #http = createServer((request, response) => {
    this.#answer(request, response).catch((error) => {
      this.errors.push(`${request.method} ${request.url}: ${error.stack}`);
      response.destroy();
    });
  });
  #faults = new Map();
  #site;
  #models;

  constructor(site, models, files, rewrites) {
    this.#site = site;
    this.#models = models;
    this.files = new Map(Object.entries(files));
    this.rewrites = new Map(Object.entries(rewrites));
    /** One entry per request: `{ method, path, range, status, length, sent, done, complete }`. */
    this.log = [];
    /** Bodies of Content-Security-Policy reports. */
    this.violations = [];
    /** The path that the site lies below, such as `/class/glassbox`; `files`, faults and the log do not have it. */
    this.prefix = '';
    /** Paths that were asked for outside of it. */
    this.outside = [];
    /** What went wrong in this server itself; a test that passes needs it empty. */
    this.errors = [];
  }

  async listen() {
    await new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(0, '127.0.0.1', resolve);
    });
    this.origin = `http://127.0.0.1:${this.#http.address().port}`;
  }

  /** Where the page is, without the last slash. */
  get base() {
    return this.origin + this.prefix;
  }

  async close() {
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections();
    await closed;
  }

  /**
   * Makes requests for `path` go wrong, `times` times (for ever by default):
   * `status` refuses; `flipAt` (+ `flipLength`) inverts bytes at that offset of the file;
   * `breakAfter` closes the connection after that many bytes of the answer; `holdAfter` sends
   * nothing more after that many, until the client goes or `clearFaults` lets it go on;
   * `bytesPerSecond` slows the answer down. They combine.
   */
  fault(path, fault) {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    this.#faults.set(path, { times: Infinity, ...fault, released, release });
  }

  clearFaults() {
    for (const fault of this.#faults.values()) fault.release?.();
    this.#faults.clear();
  }

  /** Log entries of one path, from entry number `since` on. */
  requests(path, since = 0) {
    return this.log.slice(since).filter((entry) => entry.path === path);
  }

  /** Log entries under a prefix such as `/weights/`, from entry number `since` on. */
  requestsUnder(prefix, since = 0) {
    return this.log.slice(since).filter((entry) => entry.path.startsWith(prefix));
  }

  #takeFault(path) {
    const fault = this.#faults.get(path);
    if (!fault || fault.times <= 0) return {};
    fault.times -= 1;
    return fault;
  }

  async #answer(request, response) {
    const asked = decodeURIComponent(new URL(request.url, this.origin).pathname);
    if (asked === REPORT_PATH) return this.#report(request, response);
    const isInside = asked.startsWith(`${this.prefix}/`);
    if (!isInside) this.outside.push(asked);
    const path = isInside ? asked.slice(this.prefix.length) : asked;
    const range = request.headers.range ?? null;
    const entry = { method: request.method, path, range, status: 0, length: 0, sent: 0, done: false, complete: false };
    this.log.push(entry);
    response.on('close', () => {
      entry.done = true;
      entry.complete = response.writableFinished;
    });

    const fault = this.#takeFault(path);
    const source = fault.status || !isInside ? null : await this.#find(path);
    if (!source) {
      entry.status = fault.status ?? 404;
      response.writeHead(entry.status, { 'content-type': 'text/plain', ...this.#headers() });
      response.end(`${entry.status}\n`);
      return undefined;
    }

    const headers = {
      'content-type': MIME[extname(path)] ?? (path.endsWith('/') ? MIME['.html'] : 'application/octet-stream'),
      'accept-ranges': 'bytes',
      etag: source.etag,
      ...this.#headers(),
    };
    const part = parseRange(range, request.headers['if-range'], source);
    if (part === 'unsatisfiable') {
      entry.status = 416;
      response.writeHead(416, { ...headers, 'content-range': `bytes */${source.size}` });
      response.end();
      return undefined;
    }
    const { start, end } = part ?? { start: 0, end: source.size };
    entry.status = part ? 206 : 200;
    entry.length = end - start;
    headers['content-length'] = end - start;
    if (part) headers['content-range'] = `bytes ${start}-${end - 1}/${source.size}`;
    response.writeHead(entry.status, headers);
    if (request.method === 'HEAD') {
      response.end();
      return undefined;
    }
    return send(response, source, start, end, fault, entry);
  }

  #headers() {
    return {
      'content-security-policy': this.policy,
      // Whatever the page does not keep itself has to be asked for again, and so gets into the log.
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    };
  }

  async #report(request, response) {
    let body = '';
    for await (const piece of request) body += piece;
    this.violations.push(body);
    response.writeHead(204).end();
  }

  async #find(path) {
    const memory = this.files.get(path);
    if (memory !== undefined) return fromBuffer(Buffer.from(memory));
    const relative = normalize(path === '/' ? '/index.html' : path);
    const base = relative.startsWith('/weights/') ? this.#models : this.#site;
    if (!base) return null;
    const name = join(base, relative);
    const info = await stat(name).catch(() => null);
    if (!info?.isFile()) return null;
    const rewrite = this.rewrites.get(path);
    if (rewrite) return fromBuffer(Buffer.from(rewrite(await readFile(name, 'utf8'))));
    return {
      size: info.size,
      etag: `"${info.size}-${Math.trunc(info.mtimeMs)}"`,
      read: (start, end) => createReadStream(name, { start, end: end - 1, highWaterMark: 1 << 18 }),
    };
  }
}

function fromBuffer(buffer) {
  const pieces = function* (start, end) {
    for (let at = start; at < end; at += 1 << 16) yield buffer.subarray(at, Math.min(end, at + (1 << 16)));
  };
  return { size: buffer.length, etag: `"${buffer.length}-memory"`, read: (start, end) => Readable.from(pieces(start, end)) };
}

// One range, as browsers send it. A validator that does not match means: the whole file.
function parseRange(range, ifRange, { size, etag }) {
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
  if (!match || (ifRange && ifRange !== etag)) return null;
  const start = Number(match[1]);
  const end = match[2] === '' ? size : Math.min(Number(match[2]) + 1, size);
  return start < end ? { start, end } : 'unsatisfiable';
}

async function send(response, source, start, end, fault, entry) {
  if (start === end) return void response.end();
  const limit = Math.min(end - start, fault.breakAfter ?? Infinity);
  for await (const chunk of source.read(start, end)) {
    if (entry.sent >= fault.holdAfter) {
      await Promise.race([fault.released, new Promise((resolve) => response.once('close', resolve))]);
    }
    const room = limit - entry.sent;
    const piece = flip(chunk.subarray(0, room), start + entry.sent, fault);
    if (!(await write(response, piece, fault.bytesPerSecond, entry))) return undefined;
    if (entry.sent >= limit) break;
  }
  if (limit < end - start) {
    // After the last byte is out, so that the client keeps all that was sent.
    response.socket?.destroySoon();
    return undefined;
  }
  response.end();
  return undefined;
}

function flip(chunk, at, { flipAt, flipLength = 1 }) {
  if (flipAt === undefined || flipAt >= at + chunk.length || flipAt + flipLength <= at) return chunk;
  const copy = Buffer.from(chunk);
  for (let i = Math.max(flipAt, at); i < Math.min(flipAt + flipLength, at + copy.length); i += 1) copy[i - at] ^= 0xff;
  return copy;
}

// False once the client has gone.
async function write(response, piece, bytesPerSecond, entry) {
  const step = bytesPerSecond ? Math.max(1, Math.ceil(bytesPerSecond / 20)) : piece.length;
  for (let at = 0; at < piece.length; at += step) {
    const part = piece.subarray(at, at + step);
    const error = await new Promise((resolve) => {
      if (response.destroyed) return resolve(new Error('closed'));
      response.once('close', onClose);
      function onClose() {
        resolve(new Error('closed'));
      }
      return response.write(part, (failure) => {
        response.off('close', onClose);
        resolve(failure ?? null);
      });
    });
    if (error) return false;
    entry.sent += part.length;
    if (bytesPerSecond) await new Promise((resolve) => setTimeout(resolve, (part.length / bytesPerSecond) * 1000));
  }
  return true;
}
