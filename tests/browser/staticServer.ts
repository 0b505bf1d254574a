import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const mimeTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Serve folders on a free port of this machine, each below its own path, the way a plain web host does.
 *
 * @param folders  path (starts and ends with `/`) → absolute folder
 * @param port     the port it had before; 0 = a free one
 * @param instead  what it answers for a path instead of the file; undefined = the file
 * @returns the origin, without a final `/`, the port, and a function that stops the server
 */
export async function serveFolders(folders: Record<string, string>, port = 0, instead: (pathname: string) => { status: number; body: string } | undefined = () => undefined) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const other = instead(pathname);
    if (other) {
      response.writeHead(other.status, { 'content-type': mimeTypes[path.extname(pathname)] ?? 'text/plain' }).end(other.body);
      return;
    }
    const file = fileFor(folders, pathname);
    if (!file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
      return;
    }
    response.writeHead(200, { 'content-type': mimeTypes[path.extname(file)] ?? 'application/octet-stream' });
    fs.createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function fileFor(folders: Record<string, string>, pathname: string): string | undefined {
  const prefix = Object.keys(folders).find((start) => pathname.startsWith(start));
  if (!prefix) return undefined;
  const folder = folders[prefix];
  const file = path.join(folder, decodeURIComponent(pathname.slice(prefix.length)) || 'index.html');
  if (!file.startsWith(folder + path.sep)) return undefined;
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}
