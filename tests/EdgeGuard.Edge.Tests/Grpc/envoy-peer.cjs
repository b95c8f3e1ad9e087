// A peer for tests: calls the edge with @grpc/grpc-js as Envoy would. The definitions of external authorization are Envoy's own, from the npm package
// @grpc/grpc-js-xds in the folder given as the first argument; those of the rate limit service, which it lacks, are in the repository.
// Reads one JSON object from standard input and writes one to standard output.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv[2];
const from = (name) => require(require.resolve(name, { paths: [folder] }));
const grpc = from('@grpc/grpc-js');
const loader = from('@grpc/proto-loader');
const envoy = path.join(folder, 'package', 'deps');
const ours = path.join(__dirname, '..', '..', '..', 'edge', 'EdgeGuard.Edge', 'Grpc', 'Protos');
const options = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };

function load(file, includeDirs) {
  return grpc.loadPackageDefinition(loader.loadSync(file, { ...options, includeDirs }));
}

function call(client, method, message) {
  return new Promise((resolve, reject) => client[method](message, (error, answer) => (error ? reject(error) : resolve(answer))));
}

// {address, checks: [...], limits: [...]}: the answer to each.
async function main({ address, checks, limits }) {
  const deps = ['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((name) => path.join(envoy, name));
  const auth = load('envoy/service/auth/v3/external_auth.proto', deps).envoy.service.auth.v3;
  const rls = load('envoy/service/ratelimit/v3/rls.proto', [ours]).envoy.service.ratelimit.v3;
  const plain = grpc.credentials.createInsecure();
  const authorization = new auth.Authorization(address, plain);
  const rateLimits = new rls.RateLimitService(address, plain);
  const answers = { checks: [], limits: [] };
  for (const check of checks) {
    answers.checks.push(await call(authorization, 'Check', check));
  }
  for (const limit of limits) {
    answers.limits.push(await call(rateLimits, 'ShouldRateLimit', limit));
  }
  authorization.close();
  rateLimits.close();
  return answers;
}

main(JSON.parse(fs.readFileSync(0, 'utf8'))).then((answers) => process.stdout.write(JSON.stringify(answers)));
