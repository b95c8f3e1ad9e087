// A peer for tests: holds configurations to Envoy's own definitions (v3), which the npm package @grpc/grpc-js-xds in the folder given as the first argument brings.
// Reads {documents: [...]} from standard input and writes {problems: [...]}, each with the number of its document.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
const from = (name) => require(require.resolve(name, { paths: [folder] }));
const protobuf = from('protobufjs');
const folders = ['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((name) => path.join(folder, 'package', 'deps', name));

protobuf.common('descriptor', from('protobufjs/google/protobuf/descriptor.json').nested.google.nested.protobuf.nested);

const root = new protobuf.Root();
root.resolvePath = (_, target) => folders.map((one) => path.join(one, target)).find((file) => fs.existsSync(file)) ?? null;
root.loadSync(
  [
    'envoy/config/bootstrap/v3/bootstrap.proto',
    'envoy/config/route/v3/route_components.proto',
    'envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto',
    'envoy/extensions/filters/http/ext_authz/v3/ext_authz.proto',
    'envoy/extensions/filters/http/ratelimit/v3/rate_limit.proto',
    'envoy/extensions/filters/http/router/v3/router.proto',
    'envoy/extensions/upstreams/http/v3/http_protocol_options.proto',
  ],
  { keepCase: true },
);

const problems = [];
const tell = (place, what) => problems.push(`${place}: ${what}`);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const wrapped = { BoolValue: 'bool', UInt32Value: 'uint32', UInt64Value: 'uint64', StringValue: 'string', DoubleValue: 'double' };

function find(name) {
  try {
    return root.lookupType(name);
  } catch {
    return null;
  }
}

function scalar(kind, value, place) {
  if (kind === 'bool') {
    if (typeof value !== 'boolean') tell(place, 'no truth value');
  } else if (kind === 'string' || kind === 'bytes') {
    if (typeof value !== 'string') tell(place, 'no text');
  } else if (typeof value !== 'number') {
    tell(place, 'no number');
  }
}

function wellKnown(name, value, place) {
  if (name === 'Duration') {
    if (typeof value !== 'string' || !/^[0-9]+(\.[0-9]+)?s$/.test(value)) tell(place, 'no duration');
  } else if (name === 'Any') {
    any(value, place);
  } else if (wrapped[name]) {
    scalar(wrapped[name], value, place);
  } else if (name !== 'Struct' && name !== 'Value') {
    tell(place, `google.protobuf.${name} is not looked at`);
  }
}

// A configuration of an extension says its own type.
function any(value, place) {
  const name = isObject(value) ? value['@type'] : undefined;
  const type = typeof name === 'string' && name.startsWith('type.googleapis.com/') ? find(name.slice('type.googleapis.com/'.length)) : null;
  if (!type) {
    tell(place, `no such type: ${name}`);
    return;
  }
  const { '@type': _, ...fields } = value;
  message(type, fields, place);
}

function one(field, value, place) {
  field.resolve();
  const type = field.resolvedType;
  if (!type) {
    scalar(field.type, value, place);
  } else if (type instanceof protobuf.Enum) {
    if (!(value in type.values)) tell(place, `no value of the enumeration ${type.name}: ${value}`);
  } else if (type.fullName.startsWith('.google.protobuf.')) {
    wellKnown(type.name, value, place);
  } else {
    message(type, value, place);
  }
}

function message(type, value, place) {
  if (!isObject(value)) {
    tell(place, `no ${type.name}`);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const field = type.fields[name];
    const at = `${place}.${name}`;
    if (!field) {
      tell(at, `unknown in ${type.fullName}`);
    } else if (field.map) {
      Object.entries(item).forEach(([key, entry]) => one(field, entry, `${at}[${key}]`));
    } else if (field.repeated) {
      if (!Array.isArray(item)) tell(at, 'no list');
      else item.forEach((entry, index) => one(field, entry, `${at}[${index}]`));
    } else {
      one(field, item, at);
    }
  }
  for (const choice of type.oneofsArray) {
    const set = choice.fieldsArray.filter((field) => field.name in value);
    if (set.length > 1) tell(place, `more than one of ${choice.name}`);
  }
}

// What an EnvoyFilter of Istio patches in: its type goes by where.
const patched = { HTTP_FILTER: 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter', VIRTUAL_HOST: 'envoy.config.route.v3.VirtualHost' };

for (const [number, document] of JSON.parse(fs.readFileSync(0, 'utf8')).documents.entries()) {
  if (document.kind === 'EnvoyFilter') {
    document.spec.configPatches.forEach((patch, index) => message(root.lookupType(patched[patch.applyTo]), patch.patch.value, `${number}: configPatches[${index}]`));
  } else {
    message(root.lookupType('envoy.config.bootstrap.v3.Bootstrap'), document, `${number}: $`);
  }
}
process.stdout.write(JSON.stringify({ problems }));
