// Judges tenant files as readers of JSON Schema do: ajv in its strict mode, and a YAML language
// server as editors start it. One request on standard input, one answer on standard output:
//
//	{"schema": PATH, "files": [{"name", "text"}]}
//	{"compile": MESSAGE, "files": [{"ajv": [MARK], "editor": [MARK], "offered": [WORD]}]}, MARK = {"line", "end", "message"}
//
// A file whose name is a file: URL is opened there, and has to name its schema itself. What the
// editor offers is asked for where a text has a cursor: ‸.
import {spawn} from 'node:child_process';
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {LineCounter, isMap, isNode, isScalar, parseDocument} from 'yaml';

const require = createRequire(import.meta.url);
const rpc = require('vscode-jsonrpc/node');

function compiled(schema) {
  const Ajv = require('ajv').default;
  const ajv = new Ajv({strict: true, allErrors: true, logger: false});
  require('ajv-formats').default(ajv);
  return ajv.compile(schema);
}

// place is the node at a JSON pointer; a key that may not be there stands at itself.
function place(doc, pointer, key) {
  let node = doc.contents;
  for (const token of pointer.split('/').slice(1).map(t => t.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    const next = isMap(node) ? node.items.find(p => String(p.key) === token)?.value : node?.get?.(Number(token), true);
    if (!isNode(next)) break;
    node = next;
  }
  const pair = isMap(node) && node.items.find(p => isScalar(p.key) && String(p.key.value) === key);
  return (pair ? pair.key : node)?.range ?? [0, 0];
}

function byAjv(validate, text) {
  const lines = new LineCounter(), doc = parseDocument(text, {lineCounter: lines, merge: true});
  const mark = (from, to, message) => ({line: lines.linePos(from).line, end: lines.linePos(Math.max(from, to - 1)).line, message});
  if (doc.errors.length) return doc.errors.map(e => mark(e.pos[0], e.pos[1], 'not YAML: ' + e.message.split('\n')[0]));
  try {
    if (validate(doc.toJS())) return [];
  } catch (e) {
    return [mark(0, 0, 'not YAML: ' + e.message)]; // an alias without its anchor
  }
  return validate.errors.map(e => {
    const key = e.params.additionalProperty ?? e.params.propertyName ?? e.propertyName;
    const [from, to] = place(doc, e.instancePath, key);
    return mark(from, to, `${e.instancePath} ${e.message}${key ? ': ' + key : ''}`);
  });
}

// editor opens all files in one language server, and waits for what it says of each.
async function byEditor(schemaURL, files) {
  const bin = require.resolve('yaml-language-server/bin/yaml-language-server');
  const server = spawn(process.execPath, [bin, '--stdio'], {stdio: ['pipe', 'pipe', 'inherit']});
  const c = rpc.createMessageConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
  const yaml = {validate: true, schemaStore: {enable: false}, schemas: {[schemaURL]: '/inputs/*.yaml'}};
  const waiting = new Map();
  c.onRequest('workspace/configuration', r => r.items.map(i => i.section === 'yaml' ? yaml : null));
  c.onRequest('client/registerCapability', () => null);
  c.onNotification('textDocument/publishDiagnostics', d => waiting.get(d.uri)?.(d.diagnostics));
  c.listen();
  await c.sendRequest('initialize', {processId: process.pid, rootUri: null, capabilities: {workspace: {configuration: true}}});
  await c.sendNotification('initialized', {});
  await c.sendNotification('workspace/didChangeConfiguration', {settings: {yaml}});
  const said = files.map(async (f, i) => {
    const uri = f.name.startsWith('file:') ? f.name : `file:///inputs/${i}.yaml`, cursor = f.text.indexOf('‸');
    const marked = new Promise(resolve => waiting.set(uri, resolve));
    c.sendNotification('textDocument/didOpen', {textDocument: {uri, languageId: 'yaml', version: 1, text: f.text.replace('‸', '')}});
    const editor = (await marked).map(d => ({line: d.range.start.line + 1, end: d.range.end.line + 1, message: d.message}));
    if (cursor < 0) return {editor, offered: []};
    const before = f.text.slice(0, cursor).split('\n'), position = {line: before.length - 1, character: before.at(-1).length};
    const list = await c.sendRequest('textDocument/completion', {textDocument: {uri}, position});
    return {editor, offered: (list.items ?? list).map(item => item.label)};
  });
  const all = await Promise.all(said);
  server.kill();
  return all;
}

const {schema, files} = JSON.parse(readFileSync(0, 'utf8'));
const answer = {compile: '', files: files.map(() => ({ajv: [], editor: []}))};
try {
  const validate = compiled(JSON.parse(readFileSync(schema, 'utf8')));
  files.forEach((f, i) => { answer.files[i].ajv = byAjv(validate, f.text); });
} catch (e) {
  answer.compile = e.message;
}
(await byEditor(pathToFileURL(schema).href, files)).forEach((said, i) => Object.assign(answer.files[i], said));
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
