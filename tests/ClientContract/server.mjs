// The stub that both clients are held against: it serves the cases in ./cases, each run apart from the others.
//   node server.mjs [PORT]        prints the address it listens on, and ends when its input does
//   GET  /cases                   all cases
//   POST /runs {"case","variant"} begins one: {"run","root"}; the API is below ROOT/v1/streams. `variant` is what
//     "each" stands for
//   GET  /runs/RUN                what came: {"requests","isCut","violations"}; isCut false: the variant lies behind
//     the answer's end
import { createServer } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { Run } from './run.mjs';

const folder = new URL('./cases/', import.meta.url);
const read = file => JSON.parse(readFileSync(file, 'utf8'));
const streams = read(new URL('./streams.json', import.meta.url));
const cases = readdirSync(folder).filter(name => name.endsWith('.json')).sort().flatMap(name => read(new URL(name, folder)));
const runs = new Map();

const server = createServer(async (request, response) => {
  request.socket.setNoDelay(true);
  const url = new URL(request.url, 'http://stub');
  const [first, id, ...rest] = url.pathname.split('/').slice(1);
  const body = await bodyOf(request);
  if (first === 'cases') return send(response, 200, cases);
  if (first === 'runs' && request.method === 'POST') return begin(JSON.parse(body), response);
  if (first === 'runs' && runs.has(id)) return send(response, 200, runs.get(id).report());
  if (first === 'r' && runs.has(id) && rest[0] === 'v1') return runs.get(id).answer(request, response, url, rest.slice(2), body);
  send(response, 404, { error: `Nothing is served at ${url.pathname}.` });
});

function begin({ case: name, variant = 0 }, response) {
  const found = cases.find(each => each.name === name);
  if (!found) return send(response, 404, { error: `There is no case '${name}'.` });
  const run = `${runs.size}`;
  const own = Object.fromEntries(Object.entries(found.streams).map(([id, name]) => [id, streams[name]]));
  runs.set(run, new Run({ ...found, streams: own }, variant));
  send(response, 200, { run, root: `http://127.0.0.1:${server.address().port}/r/${run}` });
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function send(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

server.keepAliveTimeout = 0; // or it may close a connection while a request is on its way there
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
