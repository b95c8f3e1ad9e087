// A peer for tests: signs and verifies tokens with the npm package jose, in the folder given as the first argument.
// Reads one JSON object from standard input and writes one to standard output.
'use strict';

const fs = require('node:fs');
const jose = require(require.resolve('jose', { paths: [process.argv[2]] }));

// {claims, algorithms}: for each algorithm a fresh key with its public half in both forms, and a token over the claims.
async function sign({ claims, algorithms }) {
  const signed = [];
  for (const alg of algorithms) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg);
    const kid = `jose-${alg}`;
    signed.push({
      algorithm: alg,
      keyId: kid,
      jwk: JSON.stringify({ ...(await jose.exportJWK(publicKey)), kid, alg, use: 'sig' }),
      pem: await jose.exportSPKI(publicKey),
      token: await new jose.SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(privateKey),
    });
  }
  return { signed };
}

// {keys, tokens, issuer, audience, now}: for each token its subject, or the code of the error that jose gives.
async function verify({ keys, tokens, issuer, audience, now }) {
  const set = jose.createLocalJWKSet({ keys });
  const verified = [];
  for (const token of tokens) {
    try {
      const { payload } = await jose.jwtVerify(token, set, { issuer, audience, currentDate: new Date(now * 1000) });
      verified.push(payload.sub);
    } catch (problem) {
      verified.push(problem.code);
    }
  }
  return { verified };
}

const request = JSON.parse(fs.readFileSync(0, 'utf8'));
(request.tokens ? verify(request) : sign(request)).then((answer) => process.stdout.write(JSON.stringify(answer)));
