// A peer for tests: signs and verifies requests (RFC 9421) with the npm packages http-message-signatures and web-bot-auth, in the folder given as
// the first argument. Reads one JSON object from standard input and writes one to standard output.
'use strict';

const fs = require('node:fs');
const crypto = require('node:crypto');
const load = (name) => require(require.resolve(name, { paths: [process.argv[2]] }));
const { httpbis, createSigner, createVerifier } = load('http-message-signatures');
const { signatureHeaders } = load('web-bot-auth');
const { signerFromJWK } = load('web-bot-auth/crypto');

const secretOf = (key) => Buffer.from(key, 'base64');
const time = (seconds) => new Date(seconds * 1000);

// {sign: [{algorithm, keyId, key, method, url, headers, fields, created, expires, nonce}]}: the headers of each signed request.
async function sign(requests) {
  const signed = [];
  for (const { algorithm, keyId, key, method, url, headers, fields, created, expires, nonce } of requests) {
    const message = await httpbis.signMessage(
      {
        key: createSigner(algorithm === 'hmac-sha256' ? secretOf(key) : crypto.createPrivateKey(key), algorithm, keyId),
        fields,
        params: ['created', 'keyid', 'alg', ...(expires ? ['expires'] : []), ...(nonce ? ['nonce'] : [])],
        paramValues: { created: time(created), ...(expires ? { expires: time(expires) } : {}), ...(nonce ? { nonce } : {}) },
      },
      { method, url, headers },
    );
    signed.push(message.headers);
  }
  return { signed };
}

// {bots: [{jwk, url, headers, created, expires}]}: the headers that the profile for bots adds to each request.
async function bots(requests) {
  const signed = [];
  for (const { jwk, url, headers, created, expires } of requests) {
    const added = await signatureHeaders(new Request(url, { headers }), await signerFromJWK(jwk), { created: time(created), expires: time(expires) });
    signed.push({ ...headers, ...added });
  }
  return { signed };
}

// {verify: [{algorithm, key, method, url, headers, now}]}: "true", "false" or the message of the error for each.
async function verify(requests) {
  const verified = [];
  for (const { algorithm, key, method, url, headers, now } of requests) {
    const verifier = createVerifier(algorithm === 'hmac-sha256' ? secretOf(key) : crypto.createPublicKey(key), algorithm);
    try {
      verified.push(String(await httpbis.verifyMessage(
        { keyLookup: async () => ({ algs: [algorithm], verify: verifier }), notAfter: now },
        { method, url, headers },
      )));
    } catch (problem) {
      verified.push(problem.message);
    }
  }
  return { verified };
}

const request = JSON.parse(fs.readFileSync(0, 'utf8'));
(request.sign ? sign(request.sign) : request.bots ? bots(request.bots) : verify(request.verify)).then((answer) =>
  process.stdout.write(JSON.stringify(answer)),
);
