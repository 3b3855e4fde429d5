// Reads reports as others do: ajv in its strict mode, and libxml2. One request on standard input,
// one answer on standard output:
//
//	{"modules": PACKAGE.JSON, "outputs": [{"name", "schema", "text"}]}
//	{"wrong": [MESSAGE]}
//
// A schema is a file of JSON Schema or of XML Schema; "NAME#draft-04" is one of that draft. A path
// that begins with a bare name is one of an npm package.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const {modules, outputs} = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(modules);
const {validateXML} = require('xmllint-wasm');
const text = path => readFileSync(path.startsWith('.') ? path : require.resolve(path), 'utf8');
const compiled = new Map();

function ajv(name) {
  if (!compiled.has(name)) {
    const [path, draft] = name.split('#');
    const Ajv = draft ? require('ajv-draft-04').default : require('ajv/dist/2020').default;
    const a = new Ajv({strict: true, strictTypes: false, strictRequired: false, allErrors: true, logger: false});
    require('ajv-formats').default(a);
    compiled.set(name, a.compile(JSON.parse(text(path))));
  }
  return compiled.get(name);
}

function byJSON(o) {
  const validate = ajv(o.schema);
  if (validate(JSON.parse(o.text))) return [];
  return validate.errors.map(e => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}

// byXML reads all documents of a schema in one go.
async function byXML(schema, list) {
  const xml = list.map((o, i) => ({fileName: `${i}.xml`, contents: o.text}));
  const r = await validateXML({xml, schema: [text(schema)], maxMemoryPages: 4096});
  return r.errors.filter(e => e.loc || r.errors.length === 1).map(e => [list[Number.parseInt(e.loc?.fileName ?? '0')], e.message]);
}

const said = [], documents = new Map();
for (const o of outputs) {
  if (o.schema.endsWith('.xsd')) {
    documents.set(o.schema, [...documents.get(o.schema) ?? [], o]);
    continue;
  }
  try {
    said.push(...byJSON(o).map(m => [o, m]));
  } catch (e) {
    said.push([o, e.message]);
  }
}
for (const [schema, list] of documents) said.push(...await byXML(schema, list));
const wrong = said.map(([o, m]) => `${o.name} by ${o.schema}: ${m}`);
process.stdout.write(JSON.stringify({wrong}), () => process.exit(0));
