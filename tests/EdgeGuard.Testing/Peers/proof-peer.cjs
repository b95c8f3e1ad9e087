// A peer for tests: makes keys and DPoP proofs (RFC 9449) with the npm package jose, in the folder given as the first argument.
// Reads one JSON object from standard input and writes one to standard output.
'use strict';

const fs = require('node:fs');
const crypto = require('node:crypto');
const jose = require(require.resolve('jose', { paths: [process.argv[2]] }));

// {algorithms}: for each a fresh private key and the thumbprint of its public half.
async function keys({ algorithms }) {
  const made = [];
  for (const alg of algorithms) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    made.push({
      algorithm: alg,
      key: await jose.exportJWK(privateKey),
      thumbprint: await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey)),
    });
  }
  return { keys: made };
}

// {proofs: [{algorithm, key, token, method, address, now}]}: a proof for each.
async function proofs({ proofs }) {
  const made = [];
  for (const { algorithm, key, token, method, address, now } of proofs) {
    const jwk = await jose.exportJWK(crypto.createPublicKey({ key, format: 'jwk' }));
    made.push(
      await new jose.SignJWT({
        jti: crypto.randomUUID(),
        htm: method,
        htu: address,
        ath: crypto.createHash('sha256').update(token).digest('base64url'),
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: algorithm, jwk })
        .setIssuedAt(now)
        .sign(await jose.importJWK(key, algorithm)),
    );
  }
  return { proofs: made };
}

const request = JSON.parse(fs.readFileSync(0, 'utf8'));
(request.proofs ? proofs(request) : keys(request)).then((answer) => process.stdout.write(JSON.stringify(answer)));
